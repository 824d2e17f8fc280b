import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** What a request asked for, and what it got. */
export interface Seen {
  readonly path: string;
  readonly range: string | undefined;
  readonly headers: IncomingMessage["headers"];
  /** Of the body. */
  bytes: number;
}

/** A server of this machine that is gone after the test. */
export interface TestServer {
  readonly origin: string;
  readonly seen: Seen[];
}

/** Answers a request; says how many bytes its body has, where they count. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Starts a server. */
export async function serve(answer: Answer): Promise<TestServer> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const { url = "", headers } = request;
    const one: Seen = { path: url, range: headers.range, headers, bytes: 0 };
    seen.push(one);
    const { write, end } = response;
    const count = (chunk: unknown): void => {
      if (typeof chunk === "string" || chunk instanceof Uint8Array) one.bytes += chunk.length;
    };
    response.write = (chunk: unknown, ...rest: unknown[]) => {
      count(chunk);
      return Reflect.apply(write, response, [chunk, ...rest]) as boolean;
    };
    response.end = (chunk?: unknown, ...rest: unknown[]) => {
      count(chunk);
      return Reflect.apply(end, response, [chunk, ...rest]) as ServerResponse;
    };
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

/** A file as servers hold it. */
export interface Served {
  readonly size: number;
  readonly etag?: string | undefined;
  readonly modified?: string | undefined;
  read(from: number, to: number): Uint8Array;
}

/** Bytes of memory as a file. */
export function served(bytes: Uint8Array, etag: string | undefined = '"one"'): Served {
  return { size: bytes.length, etag, read: (from, to) => bytes.subarray(from, to) };
}

/** The part of a file that a request asks for: `to` exclusive. */
function askedPart(request: IncomingMessage, size: number): [from: number, to: number] {
  const [, from, last] = /^bytes=(\d+)-(\d+)$/u.exec(request.headers.range ?? "") ?? [];
  return from === undefined ? [0, size] : [Number(from), Math.min(Number(last) + 1, size)];
}

/** Answers as good servers do: RFC 9110 §13.2.2, §14.2. */
export function answerWith(file: Served, request: IncomingMessage, response: ServerResponse): void {
  const validators = {
    ...(file.etag && { etag: file.etag }),
    ...(file.modified && { "last-modified": file.modified }),
  };
  const condition = request.headers["if-match"];
  if (condition !== undefined && condition !== file.etag) return void response.writeHead(412).end();
  const [from, to] = askedPart(request, file.size);
  if (request.headers.range === undefined) {
    return void response
      .writeHead(200, { ...validators, "content-length": file.size })
      .end(file.read(0, file.size));
  }
  if (from >= file.size)
    return void response.writeHead(416, { "content-range": `bytes */${file.size}` }).end();
  response.writeHead(206, {
    ...validators,
    "content-length": to - from,
    "content-range": `bytes ${from}-${to - 1}/${file.size}`,
  });
  response.end(file.read(from, to));
}

/** Bytes that tell where they are from. */
export function pattern(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let at = 0, state = seed; at < length; at += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
}

/** Waits that take no time, and are remembered; watches for stalls never end. */
export function countedSleep(stallMs = 30_000): {
  readonly waits: number[];
  sleep(ms: number, signal: AbortSignal): Promise<void>;
} {
  const waits: number[] = [];
  return {
    waits,
    sleep(ms, signal) {
      if (ms === stallMs) return new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
      waits.push(ms);
      return Promise.resolve();
    },
  };
}

export const SIZE = 300_000;
/** A file of that many bytes, and its parts. */
export const bytes: Uint8Array<ArrayBuffer> = pattern(SIZE);
export const file: Served = served(bytes);
export const part = (from: number, to: number): Uint8Array => bytes.slice(from, to);

/** A good server, but for what `odd` answers itself: it says true then. */
export async function serveOdd(
  odd: (request: IncomingMessage, response: ServerResponse, count: number) => boolean = () => false,
): Promise<TestServer> {
  let count = 0;
  return serve((request, response) => {
    count += 1;
    if (!odd(request, response, count)) answerWith(file, request, response);
  });
}

/** A later answer instead of the right part. */
export const later =
  (answer: (response: ServerResponse, from: number, to: number) => void) =>
  (request: IncomingMessage, response: ServerResponse, count: number): boolean => {
    if (count === 1) return false;
    const [from, to] = askedPart(request, SIZE);
    answer(response, from, to);
    return true;
  };
/** Headers of a part of the file. */
export const range = (from: number, to: number, size: number = SIZE): object => ({
  etag: '"one"',
  "content-range": `bytes ${from}-${to - 1}/${size}`,
});
