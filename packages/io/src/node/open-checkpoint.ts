import { homedir } from "node:os";
import { LoraError } from "@lora/tensor";
import { type HubId, isHubId, parseHubId } from "../remote/hub-id.ts";
import { type HubOptions, openHub } from "../remote/open-hub.ts";
import type { OpenedUrl } from "../remote/opened-url.ts";
import { openUrl } from "../remote/open-url.ts";
import { cachedModel } from "./cached-model.ts";
import { type Environment, type HubSettings, hubSettings } from "./hub-settings.ts";
import { loadHub } from "./load-hub.ts";
import { type OpenedFile, openFile } from "./open-file.ts";

/** How to open what may be anywhere. */
export interface CheckpointOptions extends Omit<HubOptions, "load" | "endpoint" | "token"> {
  /** Where the variables of the hub are looked up. @default process.env */
  readonly env?: Environment | undefined;
  /** Imports the npm package `@huggingface/hub`, where it is to be found from somewhere else than this package. */
  readonly load?: HubOptions["load"] | undefined;
}

/** A checkpoint of the disk or of a server. */
export interface OpenedCheckpoint extends OpenedFile {
  /** What only a checkpoint of a server has: its traffic, its state, the files beside it. */
  readonly remote?: Pick<OpenedUrl, "traffic" | "state" | "companion" | "companions"> | undefined;
}

/** Whether a text names something on a server: a URL, or an id of the hub. */
export function isRemote(location: string): boolean {
  return isHubId(location) || /^https?:\/\//iu.test(location);
}

/**
 * Opens a checkpoint wherever it is: a path as `openFile` does, a URL as `openUrl` does, an id as `openHub` does. Of the hub,
 * what its local cache holds is read from there, and asked for nowhere; with `HF_HUB_OFFLINE` all else is refused.
 *
 * @throws LoraError as those do; MISSING when the cache does not hold it and `HF_HUB_OFFLINE` is set, or
 *   `@huggingface/hub`, an optional peer, is not installed
 */
export async function openCheckpoint(
  location: string,
  options: CheckpointOptions = {},
): Promise<OpenedCheckpoint> {
  if (!isRemote(location)) return openFile(location, options);
  if (!isHubId(location)) return remote(await openUrl(location, options));
  const id = parseHubId(location);
  const settings = hubSettings(options.env ?? process.env, homedir());
  const cached = await cachedModel(settings.cache, id);
  if (cached !== undefined) return openFile(cached, options);
  if (settings.offline) throw notCached(location, id, settings);
  return remote(
    await openHub(location, {
      ...options,
      endpoint: settings.endpoint,
      token: await settings.token(),
      load: () => loadHub(options.load),
    }),
  );
}

function remote({ traffic, state, companion, companions, ...file }: OpenedUrl): OpenedCheckpoint {
  return { ...file, remote: { traffic, state, companion, companions }, close: async () => {} };
}

function notCached(location: string, { repository, revision }: HubId, { cache }: HubSettings): LoraError {
  return new LoraError(
    "MISSING",
    "HF_HUB_OFFLINE is set, and the local cache does not hold this model whole",
    {
      file: location,
      cache,
      advice: `unset HF_HUB_OFFLINE, or fetch it first: hf download ${repository} --revision ${revision}`,
    },
  );
}
