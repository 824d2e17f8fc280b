import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { httpSource } from "./http-source.ts";

const bytes = Buffer.from("0123456789");
let server: Server | undefined;
afterEach(() => server?.close());

/** A server of this machine; says its address. */
async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const listening = createServer(answer);
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port}/w.safetensors`;
}

function rangeOf(request: IncomingMessage): [number, number] {
  const [, from, to] = /bytes=(\d+)-(\d+)/u.exec(request.headers.range ?? "") ?? [];
  return [Number(from), Number(to) + 1];
}

/** Answers as files on the web are answered. */
function wellBehaved(request: IncomingMessage, response: ServerResponse): void {
  if (request.method === "HEAD")
    return void response.writeHead(200, { "content-length": bytes.length }).end();
  const [from, to] = rangeOf(request);
  response.writeHead(206, { "content-range": `bytes ${from}-${to - 1}/${bytes.length}` });
  response.end(bytes.subarray(from, to));
}

test("reads ranges, with the headers that were given", async () => {
  const seen: (string | undefined)[] = [];
  const url = await serve((request, response) => {
    seen.push(request.headers.authorization);
    wellBehaved(request, response);
  });
  const source = await httpSource(url, { headers: { authorization: "Bearer x" } });
  expect([source.name, source.size]).toEqual([url, 10]);
  expect(Buffer.from(await source.read(2, 5)).toString()).toBe("234");
  expect(await source.read(3, 3)).toEqual(new Uint8Array());
  expect(seen).toEqual(["Bearer x", "Bearer x"]);
});

test("asks for one byte where HEAD tells no size", async () => {
  const url = await serve((request, response) => {
    if (request.method === "HEAD") response.writeHead(405).end();
    else wellBehaved(request, response);
  });
  expect((await httpSource(url)).size).toBe(10);
});

test.each([
  [{ "content-range": "bytes 0-0/*" }, 206, "UNSUPPORTED", "the server does not tell the size of the file"],
  [{}, 200, "UNSUPPORTED", "the server ignores range requests and would send the whole file"],
  [{}, 404, "IO", "the server answered 404 Not Found"],
] as const)("without a size, %j and status %d are %s", async (headers, status, code, message) => {
  const url = await serve((request, response) => {
    response.writeHead(request.method === "HEAD" ? 404 : status, headers).end();
  });
  await expect(httpSource(url)).rejects.toMatchObject({ code, message, facts: { file: url } });
});

test("fewer bytes than asked for are an error", async () => {
  const url = await serve((request, response) => {
    if (request.method === "HEAD") wellBehaved(request, response);
    else response.writeHead(206).end("23");
  });
  const source = await httpSource(url);
  await expect(source.read(2, 5)).rejects.toMatchObject({
    code: "IO",
    message: "bytes 2 to 5 were asked for, and 2 bytes came",
  });
});

test("a server that cannot be reached is IO, a request that was cancelled is ABORTED", async () => {
  const fetch = (): Promise<Response> => Promise.reject(new TypeError("fetch failed"));
  const unreachable = { code: "IO", message: "reading failed: fetch failed", facts: { file: "http://x" } };
  await expect(httpSource("http://x", { fetch })).rejects.toMatchObject(unreachable);
  const controller = new AbortController();
  const hanging = (_: string, init: RequestInit): Promise<Response> =>
    new Promise((_resolve, reject) =>
      init.signal?.addEventListener("abort", () => reject(new Error("stop"))),
    );
  const opening = httpSource("http://x", { fetch: hanging, signal: controller.signal });
  controller.abort();
  await expect(opening).rejects.toMatchObject({ code: "ABORTED", message: "reading was cancelled" });
});
