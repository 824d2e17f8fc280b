import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** A file of a server; its bytes need not exist before they are asked for. */
export interface WebFile {
  readonly size: number;
  read(from: number, to: number): Uint8Array;
}

/** A server of this machine: a hub with the model `owner/name`, and the same files under `/plain/`. */
export interface WebServer {
  readonly origin: string;
  /** Paths that were asked for, with what came. */
  readonly seen: { readonly path: string; readonly authorization: string | undefined; bytes: number }[];
  /** Answers so many requests with 503 first. */
  busy: number;
}

const COMMIT = "0123456789abcdef0123456789abcdef01234567";

/** Bytes of memory as a file. */
export function fileOfBytes(bytes: Uint8Array): WebFile {
  return { size: bytes.length, read: (from, to) => bytes.subarray(from, to) };
}

/** Serves files by path, as the Hugging Face hub does: listed, and redirected to a store that wants no token. */
export async function serveFiles(files: Readonly<Record<string, WebFile>>): Promise<WebServer> {
  const server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const web: WebServer = { origin: `http://127.0.0.1:${port}`, seen: [], busy: 0 };
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const { pathname } = new URL(request.url!, web.origin);
    const one = { path: pathname, authorization: request.headers.authorization, bytes: 0 };
    web.seen.push(one);
    if (web.busy > 0) {
      web.busy -= 1;
      return void response.writeHead(503, { "retry-after": "0" }).end();
    }
    if (/^\/api\/models\/owner\/name\/revision\/(main|v1)$/u.test(pathname)) {
      const siblings = Object.keys(files).map((rfilename) => ({ rfilename }));
      const info = { id: "owner/name", sha: COMMIT, siblings, lastModified: "2026-11-22T00:00:00Z" };
      return void response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(info));
    }
    const hub = `/owner/name/resolve/${COMMIT}/`;
    if (pathname.startsWith(hub)) {
      // Another name of this machine is another origin.
      const location = `http://localhost:${port}/plain/${pathname.slice(hub.length)}?Signature=secret`;
      return void response.writeHead(302, { location, "x-linked-etag": '"sha256"' }).end();
    }
    const file = pathname.startsWith("/plain/") ? files[pathname.slice("/plain/".length)] : undefined;
    if (file === undefined) return void response.writeHead(404).end();
    one.bytes = sendPart(file, request, response);
  };
  return web;
}

function sendPart(file: WebFile, request: IncomingMessage, response: ServerResponse): number {
  const [, from = "0", last = String(file.size - 1)] =
    /bytes=(\d+)-(\d+)/u.exec(request.headers.range ?? "") ?? [];
  const [start, end] = [Number(from), Math.min(Number(last) + 1, file.size)];
  const partial = request.headers.range !== undefined;
  response.writeHead(partial ? 206 : 200, {
    etag: '"one"',
    "content-length": end - start,
    ...(partial && { "content-range": `bytes ${start}-${end - 1}/${file.size}` }),
  });
  response.end(file.read(start, end));
  return end - start;
}

/** Where nothing of the machine that runs the test is seen. */
export function hubEnv({ origin }: WebServer): Record<string, string> {
  return { LANG: "C.UTF-8", HF_ENDPOINT: origin, HF_HOME: "/nowhere" };
}
