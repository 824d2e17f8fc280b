import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { COMMIT, hubServer } from "../remote/hub-server.test-helper.ts";
import { entry, rawFile } from "../safetensors/raw-file.test-helper.ts";
import { answerWith, serve, served } from "../sources/http/range-server.test-helper.ts";
import { isRemote, openCheckpoint } from "./open-checkpoint.ts";

const weights = rawFile({ a: entry("U8", [2], 0, 2) }, 2);
const config = new TextEncoder().encode("{}");
const index = new TextEncoder().encode(JSON.stringify({ weight_map: { a: "x.safetensors" } }));

/** A cache as `huggingface_hub` lays it out, with files of `owner/name`: blobs, and links to them. */
async function cacheOf(files: Readonly<Record<string, Uint8Array>>): Promise<string> {
  const cache = await mkdtemp(join(tmpdir(), "lora-io-"));
  onTestFinished(() => rm(cache, { recursive: true }));
  const repository = join(cache, "models--owner--name");
  for (const folder of ["refs", "blobs"]) await mkdir(join(repository, folder), { recursive: true });
  await writeFile(join(repository, "refs", "main"), COMMIT);
  for (const [count, [path, bytes]] of Object.entries(files).entries()) {
    const link = join(repository, "snapshots", COMMIT, path);
    await mkdir(dirname(link), { recursive: true });
    await writeFile(join(repository, "blobs", String(count)), bytes);
    await symlink(join(repository, "blobs", String(count)), link);
  }
  return cache;
}

const offline = { HF_HUB_OFFLINE: "1" };

test.each([
  [
    "hf:owner/name",
    { "model.safetensors": weights, "config.json": config },
    "model.safetensors",
    ["config.json"],
  ],
  [`hf:owner/name@${COMMIT}/unet`, { "unet/x.safetensors": weights }, "unet/x.safetensors", []],
  [
    "hf:owner/name/unet/x.safetensors",
    { "unet/x.safetensors": weights, "y.bin": weights },
    "unet/x.safetensors",
    [],
  ],
  [
    "hf:owner/name",
    { "model.safetensors.index.json": index, "x.safetensors": weights },
    "model.safetensors.index.json",
    [],
  ],
  [
    "hf:owner/name",
    { "adapter_model.safetensors": weights, "adapter_config.json": config },
    "adapter_model.safetensors",
    ["adapter_config.json"],
  ],
])("%s is read from the cache with %j", async (id, files, path, sidecars) => {
  const cache = await cacheOf(files);
  const file = await openCheckpoint(id, { env: { HF_HUB_CACHE: cache, ...offline } });
  expect(file.name).toBe(join(cache, "models--owner--name/snapshots", COMMIT, path));
  expect(await file.tensors.get("a")!.bytes()).toEqual(Uint8Array.of(0, 1));
  expect([[...file.sidecars.keys()], file.remote]).toEqual([sidecars, undefined]);
  await file.close();
});

test.each([
  ["nothing", {}],
  ["a config alone", { "config.json": config }],
  ["an index without its shards", { "model.safetensors.index.json": index }],
  ["an adapter without its config", { "adapter_model.safetensors": weights }],
])("a cache with %s is not enough: the hub is asked, or not where that is forbidden", async (_, files) => {
  const cache = await cacheOf(files);
  const { endpoint, hub } = await hubServer({ files: { "model.safetensors": weights } });
  const env = { HF_HUB_CACHE: cache, HF_ENDPOINT: endpoint, HF_TOKEN: "hf_x" };
  await expect(openCheckpoint("hf:owner/name", { env: { ...env, ...offline } })).rejects.toMatchObject({
    code: "MISSING",
    message: "HF_HUB_OFFLINE is set, and the local cache does not hold this model whole",
    facts: { file: "hf:owner/name", cache },
  });
  expect(hub.seen).toEqual([]);
  const file = await openCheckpoint("hf:owner/name", { env });
  expect([file.name, file.remote?.traffic.requests]).toEqual(["hf:owner/name/model.safetensors", 3]);
  expect(hub.seen.every(({ headers }) => headers.authorization === "Bearer hf_x")).toBe(true);
  await file.close();
});

test("several models in a folder of the cache are an error, as on the hub", async () => {
  const cache = await cacheOf({ "a.safetensors": weights, "b.safetensors": weights });
  await expect(openCheckpoint("hf:owner/name", { env: { HF_HUB_CACHE: cache } })).rejects.toMatchObject({
    code: "USAGE",
  });
});

test("the library of the hub is asked for where it is not installed", async () => {
  const gone = Object.assign(new Error("Cannot find package '@huggingface/hub'"), {
    code: "ERR_MODULE_NOT_FOUND",
  });
  const options = { env: { HF_HUB_CACHE: "/nowhere" }, load: () => Promise.reject(gone) };
  await expect(openCheckpoint("hf:owner/name", options)).rejects.toMatchObject({
    code: "MISSING",
    message: "the npm package @huggingface/hub is not installed",
    advice: expect.stringContaining("npm install @huggingface/hub"),
  });
  const broken = { ...options, load: () => Promise.reject(new SyntaxError("broken")) };
  await expect(openCheckpoint("hf:owner/name", broken)).rejects.toThrow(SyntaxError);
});

test("paths are of the disk, addresses of the web", async () => {
  const { origin } = await serve((request, response) => {
    if (request.url === "/w.safetensors") answerWith(served(weights), request, response);
    else response.writeHead(404).end();
  });
  const file = await openCheckpoint(`${origin}/w.safetensors`);
  expect(file.remote?.state).toEqual([`w.safetensors ${weights.length} "one"`]);
  await file.close();
  await expect(openCheckpoint("/nowhere/hf/x")).rejects.toMatchObject({ code: "MISSING" });
  const locations = ["hf:a/b", "HTTPS://x/y", "http://x", "https:/x", "C:\\x", "./hf/x", "ftp://x"];
  expect(locations.map(isRemote)).toEqual([true, true, true, false, false, false, false]);
});
