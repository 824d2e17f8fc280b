import { describe, expect, test } from "vitest";
import { entry, rawFile } from "../safetensors/raw-file.test-helper.ts";
import { answerWith, serve, served } from "../sources/http/range-server.test-helper.ts";
import { openUrl } from "./open-url.ts";

const weights = rawFile({ a: entry("U8", [2], 0, 2) }, 2);
const more = rawFile({ b: entry("U8", [1], 0, 1) }, 1);
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const index = text(JSON.stringify({ weight_map: { a: "x 1.safetensors", b: "x-2.safetensors" } }));

/** Serves files by path; all else is a page, as many servers have one for everything. */
async function site(files: Readonly<Record<string, Uint8Array>>, status = 404): ReturnType<typeof serve> {
  return serve((request, response) => {
    const bytes = files[decodeURIComponent(request.url!.split("?")[0]!)];
    if (bytes === undefined) response.writeHead(status).end("<!doctype html>");
    else answerWith(served(bytes), request, response);
  });
}

test("a file comes with the sidecars beside it, and the query of its address", async () => {
  const { origin, seen } = await site({
    "/m/style.safetensors": weights,
    "/m/adapter_config.json": text("{}"),
  });
  const file = await openUrl(`${origin}/m/style.safetensors?key=1`);
  expect([file.name, [...file.tensors.keys()]]).toEqual([`${origin}/m/style.safetensors`, ["a"]]);
  expect([...file.sidecars]).toEqual([["adapter_config.json", "{}"]]);
  expect(file.state).toEqual([`style.safetensors ${weights.length} "one"`]);
  expect(seen.map(({ path }) => path)).toContain("/m/adapter_config.json?key=1");
  expect(file.companions).toEqual([]);
});

test("an index opens its shards, whatever their names", async () => {
  const { origin } = await site({
    "/i.index.json": index,
    "/x 1.safetensors": weights,
    "/x-2.safetensors": more,
  });
  const file = await openUrl(`${origin}/i.index.json`);
  expect([...file.tensors.keys()]).toEqual(["a", "b"]);
  expect(await file.tensors.get("b")!.bytes()).toEqual(new Uint8Array(1));
});

test("a page in the place of a sidecar is none", async () => {
  const { origin } = await site({ "/style.safetensors": weights }, 200);
  expect([...(await openUrl(`${origin}/style.safetensors`)).sidecars]).toEqual([]);
});

describe("is refused", () => {
  test("an index that is not there, or a shard", async () => {
    const { origin } = await site({ "/i.index.json": index, "/x-2.safetensors": more });
    await expect(openUrl(`${origin}/j.index.json`)).rejects.toMatchObject({
      code: "MISSING",
      message: "there is no index at this address, or not for everyone",
      facts: { file: `${origin}/j.index.json` },
    });
    await expect(openUrl(`${origin}/i.index.json`)).rejects.toMatchObject({
      code: "MISSING",
      facts: { file: `${origin}/x%201.safetensors` },
    });
  });

  test("a sidecar that is too large", async () => {
    const files = { "/w.safetensors": weights, "/config.json": new Uint8Array(10 * 2 ** 20 + 1) };
    const { origin } = await site(files);
    await expect(openUrl(`${origin}/w.safetensors`)).rejects.toMatchObject({
      code: "FORMAT",
      message: "the file has more than the 10485760 bytes that are read of its kind",
      facts: { file: `${origin}/config.json` },
    });
  });

  test("a web page, by what it is", async () => {
    const { origin } = await site({ "/w.safetensors": text("<!doctype html><title>Log in</title>") });
    await expect(openUrl(`${origin}/w.safetensors`)).rejects.toMatchObject({ message: "this is a web page" });
  });
});
