import { expect, test } from "vitest";
import { httpSource } from "./http-source.ts";
import { later, range, serveOdd, SIZE } from "./range-server.test-helper.ts";

const CHANGED = "the file was changed on the server after it was opened";

test.each([
  ["another tag", { ...range(100_000, 100_010), etag: '"two"' }, 206, "IO", CHANGED],
  ["no tag any more", { "content-range": `bytes 100000-100009/${SIZE}` }, 206, "IO", CHANGED],
  ["another size", range(100_000, 100_010, SIZE + 1), 206, "IO", CHANGED],
  ["412", {}, 412, "IO", CHANGED],
  ["416", {}, 416, "IO", CHANGED],
  ["another file whole", { etag: '"two"' }, 200, "IO", CHANGED],
  [
    "the same file whole",
    { etag: '"one"' },
    200,
    "UNSUPPORTED",
    "the server took range requests, and takes them no longer",
  ],
  [
    "no range",
    { etag: '"one"' },
    206,
    "UNSUPPORTED",
    "the server sends a part of the file and does not say which",
  ],
  [
    "another range",
    range(90_000, 90_010),
    206,
    "IO",
    "bytes 100000 to 100010 were asked for, and the server sends 90000 to 90010",
  ],
  [
    "more than was asked for",
    range(100_000, 100_011),
    206,
    "IO",
    "bytes 100000 to 100010 were asked for, and the server sends 100000 to 100011",
  ],
] as const)("a later answer is refused: %s", async (_, headers, status, code, message) => {
  const { origin } = await serveOdd(
    later((response) => response.writeHead(status, { ...headers }).end("0123456789")),
  );
  const source = await httpSource(origin);
  await expect(source.read(100_000, 100_010)).rejects.toMatchObject({ code, message });
});

test("more bytes than announced are refused", async () => {
  const { origin } = await serveOdd(
    later((response, from, to) => response.writeHead(206, { ...range(from, to - 1) }).end("0123456789")),
  );
  const source = await httpSource(origin);
  await expect(source.read(100_000, 100_010)).rejects.toMatchObject({
    code: "IO",
    message: "more than the 9 bytes that the server announced came",
  });
});
