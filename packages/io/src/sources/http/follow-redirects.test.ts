import { describe, expect, test } from "vitest";
import { httpSource } from "./http-source.ts";
import { answerWith, countedSleep, file, part, serve, serveOdd, SIZE } from "./range-server.test-helper.ts";

describe("redirects", () => {
  test("are followed once; what the first host may know the second does not", async () => {
    const store = await serveOdd();
    const hub = await serve((_, response) =>
      response
        .writeHead(302, { location: `${store.origin}/blob?signature=s`, "x-linked-etag": '"sha"' })
        .end(),
    );
    const source = await httpSource(`${hub.origin}/w`, { headers: { authorization: "Bearer t" } });
    expect(await source.read(100_000, 100_010)).toEqual(part(100_000, 100_010));
    expect([source.name, source.state]).toEqual([`${hub.origin}/w`, `${SIZE} "sha"`]);
    expect(hub.seen.map(({ headers }) => headers.authorization)).toEqual(["Bearer t"]);
    expect(store.seen.map(({ path, headers }) => [path, headers.authorization])).toEqual([
      ["/blob?signature=s", undefined],
      ["/blob?signature=s", undefined],
    ]);
  });

  test.each([
    ['"sha"', undefined],
    ['"other"', "the file was changed on the server after it was opened"],
  ])("are asked for again when their place has expired: then the content is %s", async (linked, message) => {
    let tag = '"here"';
    const store = await serve((request, response) => {
      if (request.url === `/${tag.slice(1, -1)}`) answerWith({ ...file, etag: tag }, request, response);
      else response.writeHead(403).end();
    });
    let first = true;
    const hub = await serve((_, response) => {
      const headers = {
        location: `${store.origin}/${tag.slice(1, -1)}`,
        "x-linked-etag": first ? '"sha"' : linked,
      };
      first = false;
      response.writeHead(307, headers).end();
    });
    const source = await httpSource(hub.origin, countedSleep());
    tag = '"there"';
    const read = source.read(100_000, 100_010);
    if (message === undefined) expect(await read).toEqual(part(100_000, 100_010));
    else await expect(read).rejects.toMatchObject({ code: "IO", message });
  });

  test("that do not end are refused", async () => {
    const { origin } = await serve((_, response) => response.writeHead(302, { location: "/" }).end());
    await expect(httpSource(origin)).rejects.toMatchObject({
      code: "IO",
      message: "the server redirects more than 10 times",
    });
  });

  test("from https to http are refused", async () => {
    const fetch = async (): Promise<Response> =>
      new Response(null, { status: 302, headers: { location: "http://x/secret" } });
    await expect(httpSource("https://x/w", { fetch })).rejects.toMatchObject({
      code: "IO",
      message: "the server redirects from https to what is not to be trusted",
    });
  });

  test("that a browser hides are left to the browser", async () => {
    const { origin } = await serveOdd();
    const fetch = async (_: string, init: RequestInit): Promise<Response> => {
      if (init.redirect !== "manual") return globalThis.fetch(`${origin}/final`, init);
      return Object.defineProperty(new Response(null), "type", { value: "opaqueredirect" });
    };
    const source = await httpSource("http://hub.test/w", { fetch });
    expect([source.name, source.size]).toEqual(["http://hub.test/w", SIZE]);
  });
});
