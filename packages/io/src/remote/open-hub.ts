import { LoraError } from "@lora/tensor";
import { httpClient, type HttpClient } from "../sources/http/http-client.ts";
import type { HttpOptions } from "../sources/http/http-options.ts";
import { chooseInRepository } from "./choose-in-repository.ts";
import { clientFetch } from "./client-fetch.ts";
import { type HubId, hubIdText, parseHubId } from "./hub-id.ts";
import type { HubLibrary } from "./hub-library.ts";
import { openRemoteModel } from "./open-remote-model.ts";
import type { OpenedUrl, OpenUrlOptions } from "./opened-url.ts";

/** How to reach the Hugging Face hub. */
export interface HubOptions extends Omit<OpenUrlOptions, "headers"> {
  /** Imports the npm package `@huggingface/hub`. */
  readonly load: () => Promise<HubLibrary>;
  /** @default "https://huggingface.co" */
  readonly endpoint?: string | undefined;
  /** Sent to the endpoint, and to no address that it redirects to. */
  readonly token?: string | undefined;
}

/**
 * Opens a checkpoint of the Hugging Face hub by range requests: `hf:owner/name`, `hf:owner/name@revision`,
 * `hf:owner/name/folder` or `hf:owner/name/folder/file`. Of a folder its model is taken, as of a folder of the disk.
 * The revision is looked up once, and everything is read of that commit. Runs in Node and in browsers.
 *
 * @throws LoraError USAGE when it is no id, or the folder holds several models; MISSING when there is no such model,
 *   revision, path, or none in the folder; IO when the hub refuses or cannot be reached; and as `openUrl` does
 */
export async function openHub(id: string, options: HubOptions): Promise<OpenedUrl> {
  const place = parseHubId(id);
  const endpoint = (options.endpoint ?? "https://huggingface.co").replace(/\/+$/u, "");
  const client = httpClient(originOf(endpoint), { ...options, headers: headersOf(options.token) });
  const name = hubIdText(place);
  const { commit, paths } = await listed(
    { place, endpoint, client, load: options.load, name },
    options.signal,
  );
  const { folder, fileName, files } = chooseInRepository({ name, paths }, place.path);
  const opened = await openRemoteModel(
    {
      client,
      fileName,
      folder: {
        files,
        place: (other) => ({
          url: `${endpoint}/${place.repository}/resolve/${commit}/${encodedPath(folder + other)}`,
          name: hubIdText({ ...place, path: folder + other }),
        }),
      },
    },
    options,
  );
  return { ...opened, state: [`commit ${commit}`, ...opened.state] };
}

function headersOf(token: string | undefined): NonNullable<HttpOptions["headers"]> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

function originOf(endpoint: string): string {
  if (URL.canParse(endpoint) && /^https?:/u.test(endpoint)) return new URL(endpoint).origin;
  throw new LoraError("USAGE", "the endpoint of the hub is no address of the web", {
    endpoint,
    advice: "set it (HF_ENDPOINT) to an address as https://huggingface.co",
  });
}

function encodedPath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

interface Listing {
  readonly place: HubId;
  readonly endpoint: string;
  readonly client: HttpClient;
  readonly load: HubOptions["load"];
  readonly name: string;
}

/** The commit of the revision, and all paths of it. */
async function listed(
  { place, endpoint, client, load, name }: Listing,
  signal: AbortSignal | undefined,
): Promise<{ commit: string; paths: readonly string[] }> {
  const { modelInfo } = await load();
  try {
    const { sha, filePaths } = await modelInfo({
      name: place.repository,
      revision: place.revision,
      hubUrl: endpoint,
      additionalFields: ["sha", "filePaths"],
      // Its answer is small: waits and repetitions are those of every other request here.
      fetch: clientFetch(client, name, signal),
    });
    if (sha !== undefined && /^[0-9a-f]{40,64}$/u.test(sha)) return { commit: sha, paths: filePaths };
  } catch (error) {
    throw error instanceof LoraError ? error : noListing(error, place, name);
  }
  throw new LoraError("IO", "the hub does not say which commit the revision is", { file: name });
}

/** What the library throws has the status of the answer. */
function noListing(error: unknown, { revision }: HubId, name: string): LoraError {
  const status = error instanceof Error && "statusCode" in error ? error.statusCode : undefined;
  if (status === 401 || status === 403 || status === 404) {
    return new LoraError("MISSING", `the hub has no such model, or revision ${revision} of it, for you`, {
      file: name,
      status,
      cause: error,
      advice:
        "check owner and name; where the model is private or asks for an agreement, accept it on its page and set HF_TOKEN",
    });
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new LoraError("IO", `the hub did not list the files of the model: ${reason}`, {
    file: name,
    status,
    cause: error,
  });
}
