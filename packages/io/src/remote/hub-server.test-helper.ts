import { answerWith, serve, served, type TestServer } from "../sources/http/range-server.test-helper.ts";

export const COMMIT = "0123456789abcdef0123456789abcdef01234567";

/** A hub of this machine, and the store that it redirects to. */
export interface TestHub {
  readonly endpoint: string;
  readonly hub: TestServer;
  readonly store: TestServer;
}

/** A model on the hub. */
export interface HubModel {
  /** Its files by path; those that are no JSON come from the store. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** Who has none is told 401. */
  readonly token?: string;
  readonly revisions?: readonly string[];
}

/** Imitates what of the Hugging Face hub is used, for the model `owner/name`. */
export async function hubServer({ files, token, revisions = ["main", COMMIT] }: HubModel): Promise<TestHub> {
  const store = await serve((request, response) => {
    const path = decodeURIComponent(new URL(request.url!, "http://x").pathname.slice(1));
    answerWith(served(files[path]!, '"store"'), request, response);
  });
  const hub = await serve((request, response) => {
    if (token !== undefined && request.headers.authorization !== `Bearer ${token}`) {
      const headers = { "content-type": "application/json", "x-error-code": "GatedRepo" };
      return void response.writeHead(401, headers).end('{"error":"Access is restricted"}');
    }
    const { pathname } = new URL(request.url!, "http://x");
    const [, revision] = /^\/api\/models\/owner\/name\/revision\/([^/]+)$/u.exec(pathname) ?? [];
    if (revision !== undefined && revisions.includes(decodeURIComponent(revision))) {
      const siblings = Object.keys(files).map((rfilename) => ({ rfilename }));
      const info = {
        _id: "1",
        id: "owner/name",
        sha: COMMIT,
        siblings,
        lastModified: "2026-11-22T00:00:00Z",
      };
      return void response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(info));
    }
    const [, path = ""] =
      new RegExp(`^/(?:api/resolve-cache/models/)?owner/name/(?:resolve/)?${COMMIT}/(.*)$`, "u").exec(
        pathname,
      ) ?? [];
    const bytes = files[decodeURIComponent(path)];
    if (bytes === undefined) return void response.writeHead(404, { "x-error-code": "EntryNotFound" }).end();
    if (pathname.startsWith("/api/")) return answerWith(served(bytes, '"git"'), request, response);
    const small = path.endsWith(".json");
    const location = small
      ? `/api/resolve-cache/models/owner/name/${COMMIT}/${path}`
      : `${store.origin}/${encodeURIComponent(path)}?Signature=secret-signature`;
    const headers = {
      location,
      "x-repo-commit": COMMIT,
      "x-linked-size": bytes.length,
      "x-linked-etag": '"sha256"',
    };
    response.writeHead(small ? 307 : 302, headers).end();
  });
  return { endpoint: hub.origin, hub, store };
}
