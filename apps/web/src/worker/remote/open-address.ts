import { type OpenedUrl, openHub, openUrl } from "@lora/io";
import { LoraError } from "@lora/tensor";
import type { Address } from "../../open/read-address.ts";
import { hubListing } from "./hub-listing.ts";

/** What the content security policy of the page lets through, beside the page's own server. */
const ALLOWED = /^https:\/\/((.+\.)?huggingface\.co|.+\.hf\.co)$/u;

/**
 * Opens what is behind an address, by range requests.
 *
 * @throws LoraError USAGE for a server that the page may not ask; as `openUrl` and `openHub` do
 */
export async function openAddress(address: Address, signal: AbortSignal | undefined): Promise<OpenedUrl> {
  if (address.kind === "url") {
    demandAllowed(address.url);
    return openUrl(address.url, { signal });
  }
  const { repository, revision, path } = address;
  const id = `hf:${repository}@${revision.replaceAll("/", "%2F")}${path === undefined ? "" : `/${path}`}`;
  try {
    return await openHub(id, { load: async () => hubListing, signal });
  } catch (error) {
    if (!(error instanceof LoraError) || error.code !== "MISSING") throw error;
    // The page has no place for a token.
    const advice = "check the name; what is private, or asks for an agreement, has to be downloaded by hand";
    throw new LoraError("MISSING", error.message, { ...error.facts, advice, cause: error });
  }
}

function demandAllowed(url: string): void {
  const { origin } = new URL(url);
  if (origin === globalThis.origin || ALLOWED.test(origin)) return;
  throw new LoraError("USAGE", "this page asks no server but its own and the Hugging Face hub", {
    file: url,
    advice: "download the file, and drop it here",
  });
}
