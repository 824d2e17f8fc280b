import type { IncomingMessage, ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { httpSource } from "./http-source.ts";
import {
  answerWith,
  bytes,
  file,
  later,
  part,
  serve,
  served,
  serveOdd,
  SIZE,
} from "./range-server.test-helper.ts";

describe("a good server", () => {
  test("is asked once for size and beginning, then for what is read", async () => {
    const { origin, seen } = await serveOdd();
    const source = await httpSource(`${origin}/a/w.safetensors?token=secret#x`, {
      headers: { "x-key": "k" },
    });
    expect([source.name, source.size, source.state]).toEqual([
      `${origin}/a/w.safetensors`,
      SIZE,
      `${SIZE} "one"`,
    ]);
    expect(await source.read(5, 70)).toEqual(part(5, 70));
    expect(await source.read(65_000, 70_000)).toEqual(part(65_000, 70_000));
    const into = new Uint8Array(1000);
    const read = await source.read(200_000, 200_500, undefined, into);
    expect([read.buffer === into.buffer, read]).toEqual([true, part(200_000, 200_500)]);
    expect(await source.read(200_000, 200_000)).toEqual(new Uint8Array());
    expect(seen.map(({ range }) => range)).toEqual([
      "bytes=0-65535",
      "bytes=65536-69999",
      "bytes=200000-200499",
    ]);
    expect(seen.map(({ headers }) => [headers["x-key"], headers["if-match"]])).toEqual([
      ["k", undefined],
      ["k", '"one"'],
      ["k", '"one"'],
    ]);
    expect(source.traffic).toEqual({ requests: 3, bytes: 65_536 + 4464 + 500 });
  });

  test("is asked once for reads of one moment that lie near to each other, and so many at a time", async () => {
    let [open, most] = [0, 0];
    const { origin, seen } = await serve((request, response) => {
      open += 1;
      most = Math.max(most, open);
      response.on("finish", () => (open -= 1));
      setTimeout(() => answerWith(file, request, response), 5);
    });
    const source = await httpSource(`${origin}/w`, { parallel: 2 });
    const places = [299_000, 100_000, 101_000, 100_500, 150_000, 200_000, 240_000];
    const read = await Promise.all(places.map((from) => source.read(from, from + 900)));
    expect(read).toEqual(places.map((from) => part(from, from + 900)));
    expect(
      seen
        .slice(1)
        .map(({ range }) => range)
        .toSorted((a, b) => a!.localeCompare(b!)),
    ).toEqual([
      "bytes=100000-101899",
      "bytes=150000-150899",
      "bytes=200000-200899",
      "bytes=240000-240899",
      "bytes=299000-299899",
    ]);
    expect(most).toBe(2);
  });

  test("of an empty file gives an empty source", async () => {
    const { origin } = await serve((request, response) =>
      answerWith(served(new Uint8Array()), request, response),
    );
    expect((await httpSource(origin)).size).toBe(0);
  });

  test("gets the login of the address as a header", async () => {
    const { origin, seen } = await serveOdd();
    const source = await httpSource(origin.replace("//", "//me:p%C3%A4ss@"));
    expect(source.name).toBe(`${origin}/`);
    expect(seen[0]!.headers.authorization).toBe(`Basic ${Buffer.from("me:päss").toString("base64")}`);
  });
});

describe("a server without range requests", () => {
  const plain = (_: IncomingMessage, response: ServerResponse): boolean => {
    response.writeHead(200, { "content-length": SIZE }).end(bytes);
    return true;
  };

  test("sends a small file whole, once", async () => {
    const { origin, seen } = await serveOdd(plain);
    const source = await httpSource(origin);
    expect(await source.read(100_000, 250_000)).toEqual(part(100_000, 250_000));
    expect([source.size, seen.length]).toEqual([SIZE, 1]);
  });

  test.each([
    ["said", plain],
    [
      "not said",
      (_: IncomingMessage, response: ServerResponse): boolean => {
        response.writeHead(200).write(bytes.subarray(0, 200_000));
        response.end(bytes.subarray(200_000));
        return true;
      },
    ],
  ])("is refused where the file is large, its size %s", async (_, answer) => {
    const { origin } = await serveOdd(answer);
    await expect(httpSource(origin, { maxWholeBytes: SIZE - 1 })).rejects.toMatchObject({
      code: "UNSUPPORTED",
      message: "the server has no range requests, and the file is too large to be read whole",
      facts: { limit: SIZE - 1 },
    });
  });
});

test.each([
  [{ "content-range": "bytes 0-0/*" }, 206, "UNSUPPORTED", "the server does not tell the size of the file"],
  [{ "content-range": "bytes 5-8/10" }, 206, "UNSUPPORTED", "the server does not tell the size of the file"],
  [
    { "content-range": "bytes 0-3/10", "content-encoding": "gzip" },
    206,
    "UNSUPPORTED",
    "the server packs parts of the file (gzip)",
  ],
  [{}, 404, "MISSING", "the server answered 404 Not Found"],
  [{}, 401, "IO", "the server answered 401 Unauthorized"],
  [{}, 416, "IO", "the server answered 416 Range Not Satisfiable"],
] as const)("opening fails at once: %j and status %d", async (headers, status, code, message) => {
  const { origin, seen } = await serveOdd((_, response) => {
    response.writeHead(status, headers).end();
    return true;
  });
  const opening = httpSource(`${origin}/w`);
  await expect(opening).rejects.toMatchObject({ code, message, facts: { file: `${origin}/w` } });
  expect(seen.length).toBe(1);
});

test("a server that cannot be reached is IO at once, with the cause and without the address of a login", async () => {
  const failed = new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED 127.0.0.1:9") });
  const fetch = (): Promise<Response> => Promise.reject(failed);
  await expect(httpSource("http://me:secret@x/", { fetch })).rejects.toMatchObject({
    code: "IO",
    message: "reading failed: fetch failed: connect ECONNREFUSED 127.0.0.1:9",
    facts: { file: "http://x/" },
  });
});

test("what was cancelled is ABORTED, before, while and after it is asked for", async () => {
  const { origin, seen } = await serveOdd(later(() => undefined));
  const source = await httpSource(origin);
  const controller = new AbortController();
  const reading = source.read(100_000, 100_010, controller.signal);
  setTimeout(() => controller.abort(), 20);
  await expect(reading).rejects.toMatchObject({ code: "ABORTED", message: "reading was cancelled" });
  await expect(source.read(0, 1, controller.signal)).rejects.toMatchObject({ code: "ABORTED" });
  await expect(httpSource(origin, { signal: controller.signal })).rejects.toMatchObject({ code: "ABORTED" });
  expect(seen.length).toBe(2);
});

test("bytes behind the end are not there", async () => {
  const { origin } = await serveOdd();
  await expect((await httpSource(origin)).read(SIZE - 1, SIZE + 1)).rejects.toMatchObject({
    code: "IO",
    message: `bytes ${SIZE - 1} to ${SIZE + 1} were asked for, and 1 bytes came`,
  });
});

test.each(["ftp://user:secret@x/w?token=secret", "https://", "w.safetensors"])(
  "%s is no address",
  async (url) => {
    const error = await httpSource(url).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "USAGE", message: "this is no address of the web" });
    expect(JSON.stringify(error)).not.toContain("secret");
  },
);
