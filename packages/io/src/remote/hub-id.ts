import { LoraError } from "@lora/tensor";

/** A place on the Hugging Face hub. */
export interface HubId {
  /** `owner/name`. */
  readonly repository: string;
  /** A branch, tag or commit. */
  readonly revision: string;
  /** A file or folder in it; "" for the top. */
  readonly path: string;
}

const ID = /^hf:(?:\/\/)?([\w.-]+\/[\w.-]+)(?:@(refs\/(?:pr|convert)\/[\w.-]+|[^/@]+))?(?:\/(.*))?$/u;

/** Whether a text names a place on the hub, rightly or not. */
export function isHubId(text: string): boolean {
  return text.startsWith("hf:");
}

/**
 * Reads `hf:owner/name[@revision][/path]`. A revision with a slash in it is written with `%2F`; `refs/pr/1` need not be.
 *
 * @throws LoraError USAGE when it is none
 */
export function parseHubId(text: string): HubId {
  const [, repository = "", revision = "main", path = ""] = ID.exec(text) ?? [];
  const parts = [...repository.split("/"), ...path.replace(/\/$/u, "").split("/")];
  if (repository !== "" && parts.every((part) => part !== "." && part !== ".."))
    return { repository, revision: revision.replaceAll(/%2f/giu, "/"), path: path.replace(/\/+$/u, "") };
  throw new LoraError("USAGE", "this is no id of the hub", {
    file: text,
    advice: "write hf:owner/name, and where it is needed a revision and a path: hf:owner/name@main/unet",
  });
}

/** The id as it is written. */
export function hubIdText({ repository, revision, path }: HubId): string {
  const at =
    revision === "main"
      ? ""
      : `@${revision.startsWith("refs/") ? revision : revision.replaceAll("/", "%2F")}`;
  return `hf:${repository}${at}${path === "" ? "" : `/${path}`}`;
}
