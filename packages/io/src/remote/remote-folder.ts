import type { ParsedUrl } from "../sources/http/parsed-url.ts";
import { parsedUrl } from "../sources/http/parsed-url.ts";

/** Where the files of a model are, on a server. */
export interface RemoteFolder {
  /** The place of a file of it, by plain name. */
  place(fileName: string): Pick<ParsedUrl, "url" | "name">;
  /** Its files; undefined where nobody can tell. */
  readonly files: ReadonlySet<string> | undefined;
}

/** The folder that a URL lies in: other files differ in the last part of the path, and keep the query. */
export function folderOfUrl(url: string): { folder: RemoteFolder; fileName: string } {
  const fileName = decodeURIComponent(new URL(url).pathname.split("/").at(-1)!);
  const place: RemoteFolder["place"] = (other) => {
    const sibling = new URL(url);
    if (other !== fileName) sibling.pathname = sibling.pathname.replace(/[^/]*$/u, encodeURIComponent(other));
    return parsedUrl(sibling.href);
  };
  return { folder: { place, files: undefined }, fileName };
}
