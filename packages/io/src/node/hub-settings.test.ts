import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { hubSettings } from "./hub-settings.ts";

test.each([
  [{}, "/home/me/.cache/huggingface/hub"],
  [{ XDG_CACHE_HOME: "/xdg" }, "/xdg/huggingface/hub"],
  [{ XDG_CACHE_HOME: "/xdg", HF_HOME: "/hf" }, "/hf/hub"],
  [{ HF_HOME: "~/hf" }, "/home/me/hf/hub"],
  [{ HF_HOME: "/hf", HUGGINGFACE_HUB_CACHE: "/old" }, "/old"],
  [{ HUGGINGFACE_HUB_CACHE: "/old", HF_HUB_CACHE: "~/new" }, "/home/me/new"],
])("with %j the cache is %s", (env, cache) => {
  expect(hubSettings(env, "/home/me").cache).toBe(cache);
});

test.each([
  [{ HF_HUB_OFFLINE: "1" }, true],
  [{ TRANSFORMERS_OFFLINE: "yes" }, true],
  [{ HF_HUB_OFFLINE: "0" }, false],
  [{ HF_HUB_OFFLINE: "" }, false],
])("with %j the network is off: %s", (env, offline) => {
  expect(hubSettings(env, "/home/me").offline).toBe(offline);
});

test("the token is that of the environment, else that of the file, unless it is to stay at home", async () => {
  const folder = await mkdtemp(join(tmpdir(), "lora-io-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "token"), "hf_file\n");
  await writeFile(join(folder, "other"), "hf_other");
  const token = (env: Record<string, string>): Promise<string | undefined> =>
    hubSettings({ HF_HOME: folder, ...env }, "/nowhere").token();
  expect(await token({})).toBe("hf_file");
  expect(await token({ HF_TOKEN_PATH: join(folder, "other") })).toBe("hf_other");
  expect(await token({ HF_TOKEN: " hf_env " })).toBe("hf_env");
  expect(await token({ HF_HUB_DISABLE_IMPLICIT_TOKEN: "1" })).toBeUndefined();
  expect(await token({ HF_HOME: "/nowhere" })).toBeUndefined();
  expect(hubSettings({ HF_ENDPOINT: "http://mirror" }, "/").endpoint).toBe("http://mirror");
});
