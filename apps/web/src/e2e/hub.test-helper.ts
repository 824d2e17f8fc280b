import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContext, Route } from "playwright";

/** What the stand-in says its files were changed by last. */
export const COMMIT = "0123456789abcdef0123456789abcdef01234567";

/** Answers for the hub, of a folder of this disk, as the hub does: a listing, and parts of files. */
export async function standInHub(context: BrowserContext, folder: string): Promise<string[]> {
  const asked: string[] = [];
  await context.route("https://huggingface.co/**", async (route) => {
    const url = route.request().url();
    asked.push(url);
    const headers = {
      "access-control-allow-origin": "*",
      "access-control-allow-headers": "*",
      "access-control-expose-headers": "content-range, etag, accept-ranges",
      etag: '"one"',
    };
    if (url.includes("/api/models/owner/pirate-tales/revision/main")) {
      const siblings = readdirSync(folder).map((rfilename) => ({ rfilename }));
      return route.fulfill({ headers, json: { sha: COMMIT, siblings } });
    }
    const path = join(folder, new URL(url).pathname.split("/").at(-1)!);
    if (!existsSync(path)) return route.fulfill({ status: 404, headers });
    return fulfilPart(route, readFileSync(path), headers);
  });
  return asked;
}

/** Answers with the part of a file that is asked for, as servers do, or with all of it. */
export function fulfilPart(
  route: Route,
  bytes: Buffer,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const [, from, to] = /bytes=(\d+)-(\d+)/u.exec(route.request().headers()["range"] ?? "") ?? [];
  if (from === undefined) return route.fulfill({ headers, body: bytes });
  const body = bytes.subarray(Number(from), Number(to) + 1);
  const range = `bytes ${from}-${Number(from) + body.length - 1}/${bytes.length}`;
  return route.fulfill({ status: 206, headers: { ...headers, "content-range": range }, body });
}
