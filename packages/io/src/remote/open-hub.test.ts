import { LoraError } from "@lora/tensor";
import { describe, expect, test } from "vitest";
import { entry, rawFile } from "../safetensors/raw-file.test-helper.ts";
import { countedSleep, serve } from "../sources/http/range-server.test-helper.ts";
import { COMMIT, hubServer } from "./hub-server.test-helper.ts";
import type { HubLibrary } from "./hub-library.ts";
import { openHub } from "./open-hub.ts";

const weights = rawFile({ a: entry("U8", [2], 0, 2) }, 2);
const more = rawFile({ b: entry("U8", [1], 0, 1) }, 1);
const text = (value: object): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const config = text({ peft_type: "LORA" });
const index = text({ weight_map: { a: "x-1.safetensors", b: "x-2.safetensors" } });
const sharded = {
  "model.safetensors.index.json": index,
  "x-1.safetensors": weights,
  "x-2.safetensors": more,
};
const load = (): Promise<HubLibrary> => import("@huggingface/hub");

test("a model is listed once, and read of that commit, its token seen by the hub alone", async () => {
  const files = {
    "README.md": text({}),
    "adapter_config.json": config,
    "adapter_model.safetensors": weights,
  };
  const { endpoint, hub, store } = await hubServer({ files, token: "hf_secret" });
  const file = await openHub("hf:owner/name", { endpoint: `${endpoint}/`, token: "hf_secret", load });
  expect(file.name).toBe("hf:owner/name/adapter_model.safetensors");
  expect([...file.sidecars]).toEqual([["adapter_config.json", '{"peft_type":"LORA"}']]);
  expect(await file.tensors.get("a")!.bytes()).toEqual(Uint8Array.of(0, 1));
  expect(file.state).toEqual([`commit ${COMMIT}`, `adapter_model.safetensors ${weights.length} "sha256"`]);
  expect(hub.seen.map(({ path }) => path.split("?")[0])).toEqual([
    "/api/models/owner/name/revision/main",
    `/owner/name/resolve/${COMMIT}/adapter_model.safetensors`,
    `/owner/name/resolve/${COMMIT}/adapter_config.json`,
    `/api/resolve-cache/models/owner/name/${COMMIT}/adapter_config.json`,
  ]);
  expect(hub.seen.every(({ headers }) => headers.authorization === "Bearer hf_secret")).toBe(true);
  expect(store.seen.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  expect(file.traffic.requests).toBe(5);
});

test("the files beside a model can be had, those that are there", async () => {
  const { endpoint } = await hubServer({ files: { "model.safetensors": weights, "tokenizer.json": config } });
  const file = await openHub("hf:owner/name", { endpoint, load });
  expect(file.companions).toEqual(["model.safetensors", "tokenizer.json"]);
  expect(await file.companion("tokenizer.json")).toEqual(config);
  await expect(file.companion("merges.txt")).rejects.toMatchObject({
    code: "MISSING",
    message: "the file beside the model is not there",
    facts: { file: "hf:owner/name/merges.txt" },
  });
});

test("a sidecar that is listed and not given is an error, not left out", async () => {
  const { endpoint } = await hubServer({ files: { "model.safetensors": weights, "config.json": config } });
  const fetch = (url: string, init: RequestInit): Promise<Response> =>
    url.endsWith("config.json")
      ? Promise.resolve(new Response("", { status: 403 }))
      : globalThis.fetch(url, init);
  await expect(openHub("hf:owner/name", { endpoint, load, fetch })).rejects.toMatchObject({
    code: "IO",
    message: "the server lists config.json beside the model, and does not give it",
    facts: { file: "hf:owner/name/config.json" },
  });
});

describe("what an id means", () => {
  const pipeline = {
    "model_index.json": text({}),
    "unet/config.json": config,
    "unet/diffusion_pytorch_model.safetensors": weights,
    "text_encoder/model.safetensors": more,
    "loras/one.safetensors": weights,
    "loras/two.safetensors": more,
  };
  test.each([
    ["hf:owner/name/unet", "hf:owner/name/unet/diffusion_pytorch_model.safetensors", ["a"]],
    ["hf://owner/name@main/text_encoder/", "hf:owner/name/text_encoder/model.safetensors", ["b"]],
    ["hf:owner/name/loras/two.safetensors", "hf:owner/name/loras/two.safetensors", ["b"]],
    [
      "hf:owner/name@refs/pr/3/unet",
      "hf:owner/name@refs/pr/3/unet/diffusion_pytorch_model.safetensors",
      ["a"],
    ],
    [
      "hf:owner/name@my%2Fbranch/unet",
      "hf:owner/name@my%2Fbranch/unet/diffusion_pytorch_model.safetensors",
      ["a"],
    ],
  ])("%s is %s", async (id, name, tensors) => {
    const { endpoint } = await hubServer({ files: pipeline, revisions: ["main", "refs/pr/3", "my/branch"] });
    const file = await openHub(id, { endpoint, load });
    expect([file.name, [...file.tensors.keys()]]).toEqual([name, tensors]);
  });

  test("a model in several files, all of them opened", async () => {
    const { endpoint, hub } = await hubServer({ files: sharded });
    const phases: unknown[] = [];
    const file = await openHub("hf:owner/name", {
      endpoint,
      load,
      onProgress: (progress) => phases.push(progress),
    });
    expect([file.name, [...file.tensors.keys()]]).toEqual([
      "hf:owner/name/model.safetensors.index.json",
      ["a", "b"],
    ]);
    expect(phases).toEqual([1, 2].map((done) => ({ phase: "opening", done, total: 2, unit: "files" })));
    expect(hub.seen.length).toBe(5);
  });

  test.each([
    [
      "hf:owner/name",
      "MISSING",
      "there is no checkpoint at this place of the repository, but in loras, text_encoder, unet",
      "name the folder: hf:owner/name/loras",
    ],
    [
      "hf:owner/name/loras",
      "USAGE",
      "the folder holds 2 models: one.safetensors, two.safetensors",
      "give the path of one of them",
    ],
    [
      "hf:owner/name/vae",
      "MISSING",
      "the repository has no file or folder vae",
      "check the path, and the revision behind an @",
    ],
    [
      "hf:owner/name@gone",
      "MISSING",
      "the hub has no such model, or revision gone of it, for you",
      expect.stringContaining("set HF_TOKEN"),
    ],
  ])("%s is refused", async (id, code, message, advice) => {
    const { endpoint } = await hubServer({ files: pipeline });
    await expect(openHub(id, { endpoint, load })).rejects.toMatchObject({
      code,
      message,
      advice,
      facts: { file: id },
    });
  });

  test.each(["hf:name", "hf:owner/name@", "hf:owner/../x", "hf:owner/name/../../x", "hf:"])(
    "%s is no id",
    async (id) => {
      await expect(openHub(id, { load })).rejects.toMatchObject({
        code: "USAGE",
        message: "this is no id of the hub",
        facts: { file: id },
      });
    },
  );
});

test("who has no right is told so, and the token is in no message", async () => {
  const { endpoint } = await hubServer({ files: {}, token: "hf_right" });
  const error = await openHub("hf:owner/name", { endpoint, load, token: "hf_secret" }).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(LoraError);
  expect(error).toMatchObject({ code: "MISSING", facts: { file: "hf:owner/name", status: 401 } });
  expect(JSON.stringify(error)).not.toContain("secret");
});

test("a hub that is busy is waited for; one that fails is IO", async () => {
  const { endpoint } = await hubServer({ files: { "model.safetensors": weights } });
  let count = 0;
  const { sleep, waits } = countedSleep();
  const fetch = (url: string, init: RequestInit): Promise<Response> =>
    (count += 1) === 1
      ? Promise.resolve(new Response("busy", { status: 429, headers: { "retry-after": "3" } }))
      : globalThis.fetch(url, init);
  await openHub("hf:owner/name", { endpoint, load, sleep, fetch });
  expect(waits).toEqual([3000]);
  const odd = await serve((_, response) => response.writeHead(418).end("teapot"));
  await expect(openHub("hf:owner/name", { endpoint: odd.origin, load })).rejects.toMatchObject({
    code: "IO",
    message: expect.stringMatching(
      /^the hub did not list the files of the model: Api error with status 418/u,
    ),
  });
});

test("a hub that names no commit is refused, an endpoint that is no address as well", async () => {
  const odd = await serve((_, response) =>
    response.writeHead(200, { "content-type": "application/json" }).end("{}"),
  );
  await expect(openHub("hf:owner/name", { endpoint: odd.origin, load })).rejects.toMatchObject({
    code: "IO",
    message: "the hub does not say which commit the revision is",
  });
  await expect(openHub("hf:owner/name", { endpoint: "hub", load })).rejects.toMatchObject({
    code: "USAGE",
    message: "the endpoint of the hub is no address of the web",
  });
});
