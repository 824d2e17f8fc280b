import { describe, expect, test } from "vitest";
import { httpSource } from "./http-source.ts";
import { countedSleep, later, part, range, serveOdd, SIZE } from "./range-server.test-helper.ts";

describe("what passes is waited out", () => {
  test("as long as the server asks for, else twice as long each time", async () => {
    const answers = [503, 429, 429, 200, 500].values();
    const { origin, seen } = await serveOdd((_, response, count) => {
      const status = count === 1 ? 200 : (answers.next().value ?? 200);
      const date = "Sun, 22 Nov 2026 10:00:00 GMT";
      const asks =
        count === 3 ? { "retry-after": "7" } : { "retry-after": "Sun, 22 Nov 2026 10:00:09 GMT", date };
      if (status !== 200) response.writeHead(status, count === 2 ? {} : asks).end();
      return status !== 200;
    });
    const [{ sleep, waits }, told] = [countedSleep(), [] as string[]];
    const source = await httpSource(origin, { sleep, onWait: ({ reason }) => told.push(reason) });
    expect(await source.read(100_000, 100_010)).toEqual(part(100_000, 100_010));
    expect(waits).toEqual([500, 7000, 9000]);
    expect(told[1]).toBe("the server answered 429 Too Many Requests");
    expect(seen.length).toBe(5);
  });

  test("but not for ever, and not for longer than is allowed", async () => {
    const { origin } = await serveOdd((_, response, count) => {
      if (count > 1) response.writeHead(502).end();
      return count > 1;
    });
    const [{ sleep, waits }, message] = [countedSleep(), "the server answered 502 Bad Gateway"];
    const source = await httpSource(origin, { sleep });
    await expect(source.read(100_000, 100_010)).rejects.toMatchObject({ code: "IO", message });
    expect(waits).toEqual([500, 1000, 2000, 4000]);
    const busy = await serveOdd((_, response) => {
      response.writeHead(429, { "retry-after": "3600" }).end();
      return true;
    });
    await expect(httpSource(busy.origin)).rejects.toMatchObject({
      code: "IO",
      message: "the server answered 429 Too Many Requests",
      advice: "the server is asked too much: wait, and run it again",
    });
  });

  test("where an answer breaks off, the rest is asked for", async () => {
    const { origin, seen } = await serveOdd(
      later((response, from, to) => {
        response.writeHead(206, { ...range(from, to), "content-length": to - from });
        const end = Math.min(to, from + 70_000);
        response.write(part(from, end), () => (end < to ? response.destroy() : response.end()));
      }),
    );
    const { sleep, waits } = countedSleep();
    const source = await httpSource(origin, { sleep });
    expect(await source.read(65_536, SIZE)).toEqual(part(65_536, SIZE));
    expect(waits).toEqual([500, 500, 500]);
    expect(seen.at(-1)!.range).toBe(`bytes=${65_536 + 210_000}-299999`);
  });

  test("an answer that always ends too early is an error in the end", async () => {
    const { origin } = await serveOdd(
      later((response, from, to) => response.writeHead(206, { ...range(from, to) }).end("2")),
    );
    const source = await httpSource(origin, { ...countedSleep(), retries: 2 });
    await expect(source.read(100_000, 100_010)).rejects.toMatchObject({
      code: "IO",
      message: "the answer ended after 3 of 10 bytes",
    });
  });

  test("a server that says nothing is given up", async () => {
    const { origin } = await serveOdd(later(() => undefined));
    const source = await httpSource(origin, { stallMs: 20, retries: 0 });
    await expect(source.read(100_000, 100_010)).rejects.toMatchObject({
      code: "IO",
      message: "nothing came from the server for 0.02 s",
    });
  });
});
