import { httpClient } from "../sources/http/http-client.ts";
import { parsedUrl } from "../sources/http/parsed-url.ts";
import { openRemoteModel } from "./open-remote-model.ts";
import type { OpenedUrl, OpenUrlOptions } from "./opened-url.ts";
import { folderOfUrl } from "./remote-folder.ts";

/**
 * Opens a checkpoint behind a URL by range requests: headers only, values as they are read. A `*.index.json` opens the
 * files that it lists, beside it; `adapter_config.json` and `config.json` beside it come along where they are.
 *
 * In a web page, the server has to let the page read it: `Access-Control-Allow-Origin`, and
 * `Access-Control-Expose-Headers` with `Content-Range` and `ETag`, as the Hugging Face hub does.
 *
 * @throws LoraError as `httpSource`, `openSource` and `openSharded` do
 */
export async function openUrl(url: string, options: OpenUrlOptions = {}): Promise<OpenedUrl> {
  const place = parsedUrl(url);
  const headers = { ...place.headers, ...options.headers };
  const client = httpClient(new URL(place.url).origin, { ...options, headers });
  return openRemoteModel({ client, ...folderOfUrl(place.url) }, options);
}
