import { tensorFile, tensorOfValues } from "@lora/tensor";
import { describe, expect, test } from "vitest";
import { kohyaFile } from "../adapters.test-helper.ts";
import { metadata, thumbnailOf } from "../index.ts";
import type { MetadataEdits } from "./edited-metadata.ts";

/** The first bytes of a PNG of 3 × 2 pixels. */
const PNG = Uint8Array.from("\u0089PNG\r\n\u001a\n\0\0\0\rIHDR\0\0\0\u0003\0\0\0\u0002", (char) =>
  char.charCodeAt(0),
);

const FILE = kohyaFile(
  { lora_unet_a: { out: 4, in: 3, rank: 2, alpha: 1 } },
  {
    ss_network_dim: "2",
    ss_learning_rate: "1e-4",
    ss_tag_frequency: '{"10_cat":{"cat":3}}',
    ss_dataset_dirs: '{"10_cat":{"n_repeats":10,"img_count":3}}',
    "modelspec.title": "Cats",
    "modelspec.thumbnail": "data:image/png;base64,iVBORw==",
    sshs_model_hash: "ab",
    resize_params: "{}",
    note: "mine",
  },
);

async function edited(edits: MetadataEdits): Promise<Record<string, string>> {
  const { file } = await metadata(FILE, edits);
  return Object.fromEntries(file.metadata);
}

test("nothing is edited: the same metadata, and a report of what is in it", async () => {
  const { file, report } = await metadata(FILE);
  expect([...file.metadata]).toEqual([...FILE.metadata]);
  expect(report()).toMatchObject({
    job: "metadata",
    changes: { added: [], changed: [], removed: [] },
    thumbnail: { type: "image/png", width: null, height: null, bytes: 4 },
    output: null,
    warnings: [],
  });
});

test("tensors are the same ones, not copies or decoded values", async () => {
  const { file } = await metadata(FILE, { set: { note: "other" } });
  for (const [name, tensor] of FILE.tensors) expect(file.tensors.get(name)).toBe(tensor);
});

test("keys are set in their place, new ones last, and the report says which", async () => {
  const { file, report } = await metadata(FILE, {
    set: { note: "other", added: "=" },
    unset: ["modelspec.title"],
  });
  expect([...file.metadata.keys()].slice(-2)).toEqual(["note", "added"]);
  expect(report({ path: "out", bytes: 9 })).toMatchObject({
    changes: { added: ["added"], changed: ["note"], removed: ["modelspec.title"] },
    output: { path: "out", bytes: 9 },
  });
});

describe("groups that are stripped", () => {
  const all = [...FILE.metadata.keys()];
  test.each([
    ["training", ["ss_learning_rate", "ss_tag_frequency", "ss_dataset_dirs"]],
    ["datasets", ["ss_tag_frequency", "ss_dataset_dirs"]],
    ["thumbnail", ["modelspec.thumbnail"]],
    ["modelspec", ["modelspec.title", "modelspec.thumbnail"]],
    ["hashes", ["sshs_model_hash"]],
    ["provenance", ["resize_params"]],
    ["all", all],
  ])("%s", async (group, gone) => {
    expect(Object.keys(await edited({ strip: [group] }))).toEqual(all.filter((key) => !gone.includes(key)));
  });

  test("what is set after stripping stays", async () => {
    expect(await edited({ strip: ["all"], set: { title: "bare" } })).toEqual({ title: "bare" });
  });
});

test("an object gives texts as they are, other values as JSON, and null removes", async () => {
  const given = await edited({ strip: ["all"], from: { text: "a", number: 2, list: [1], note: null } });
  expect(given).toEqual({ text: "a", number: "2", list: "[1]" });
});

test("hashes that are asked for are there to be calculated", async () => {
  expect(await edited({ strip: ["all"], hash: true })).toEqual({ sshs_model_hash: "", sshs_legacy_hash: "" });
});

test("a thumbnail comes back byte for byte, with what its bytes say", async () => {
  const { file, report } = await metadata(FILE, { thumbnail: PNG });
  expect(thumbnailOf(file.metadata.get("modelspec.thumbnail")!)).toEqual({
    type: "image/png",
    width: 3,
    height: 2,
    bytes: PNG,
  });
  expect(report().thumbnail).toEqual({ type: "image/png", width: 3, height: 2, bytes: 24 });
});

test("a thumbnail that is none is a warning, not an end", async () => {
  const broken = await metadata(FILE, { set: { "modelspec.thumbnail": "picture.png" } });
  expect(broken.report()).toMatchObject({
    thumbnail: null,
    warnings: ["the thumbnail is no base64 data URL"],
  });
  const cut = await metadata(FILE, { set: { "modelspec.thumbnail": "data:image/png;base64,!" } });
  expect(cut.report().warnings).toEqual(["the thumbnail is no valid base64"]);
});

test("a configuration in the header is not stripped with all; removing it warns that the updates read otherwise", async () => {
  const config = JSON.stringify({ "unet.r": 1, "unet.lora_alpha": 4, "unet.target_modules": ["to_q"] });
  const file = tensorFile({
    name: "diffusers.safetensors",
    tensors: [
      ["unet.mid_block.to_q.lora_A.weight", tensorOfValues([1, 2, 3], "f32", [1, 3])],
      ["unet.mid_block.to_q.lora_B.weight", tensorOfValues([1, 2], "f32", [2, 1])],
    ],
    metadata: [
      ["format", "pt"],
      ["lora_adapter_metadata", config],
    ],
  });
  const stripped = await metadata(file, { strip: ["all"] });
  expect([...stripped.file.metadata.keys()]).toEqual(["lora_adapter_metadata"]);
  expect(stripped.report().warnings).toEqual([]);
  const bare = await metadata(file, { unset: ["lora_adapter_metadata"] });
  expect(bare.report().warnings).toEqual([
    expect.stringContaining("with this metadata the updates read otherwise than before"),
  ]);
});

describe("what is refused", () => {
  test("a group that is none", async () => {
    await expect(metadata(FILE, { strip: ["tags"] })).rejects.toThrow('"tags" is no group of metadata');
    await expect(metadata(FILE, { strip: ["toString"] })).rejects.toMatchObject({ code: "USAGE" });
  });

  test("a key to remove that is not there, with the nearest", async () => {
    await expect(metadata(FILE, { unset: ["modelspec.titel"] })).rejects.toMatchObject({
      message: "the metadata has no key modelspec.titel",
      advice: "did you mean modelspec.title?",
    });
  });

  test("new values that are no object", async () => {
    await expect(metadata(FILE, { from: ["a"] })).rejects.toThrow(
      "new metadata comes as a JSON object of keys and values",
    );
  });

  test("a picture that is none", async () => {
    await expect(metadata(FILE, { thumbnail: Uint8Array.of(1, 2) })).rejects.toThrow(
      "the first bytes are of no image that a thumbnail can be",
    );
  });
});
