import { existsSync } from "node:fs";
import path from "node:path";
import { openFile } from "@lora/io/node";
import { describe, expect, test } from "vitest";
import { describeMetadata } from "./describe-metadata.ts";
import { readableValue } from "./readable-value.ts";
import { tagCounts } from "./tag-counts.ts";
import { triggerWords } from "./trigger-words.ts";

const data = path.resolve(import.meta.dirname, "../../../..", process.env["LORA_DATA"] ?? "../shared/data");

test("known keys come in groups and in order, unknown ones last by name, unset ones apart", () => {
  const described = describeMetadata({
    z: "1",
    ss_steps: "10",
    "modelspec.title": "Cats",
    ss_seed: "None",
    a: "2",
    ss_epoch: "2",
    ss_reg_dataset_dirs: "{}",
  });
  expect(described.groups.map(({ title, facts }) => [title, facts.map(({ key }) => key)])).toEqual([
    ["About", ["modelspec.title"]],
    ["Training", ["ss_epoch", "ss_steps"]],
    ["Other keys", ["a", "z"]],
  ]);
  expect(described.unset).toEqual(["ss_seed", "ss_reg_dataset_dirs"]);
});

describe("values for people", () => {
  test.each([
    ["ss_training_started_at", "1680716500.1", "2023-04-05 17:41:40 UTC"],
    ["ss_network_args", '{"algo": "lokr", "conv_dim": 4}', "algo=lokr, conv_dim=4"],
    [
      "ss_dataset_dirs",
      '{"10_cat": {"n_repeats": 10, "img_count": 3}, "x": {}}',
      "10_cat (3 images × 10), x",
    ],
    ["ss_tag_frequency", '{"10_cat": {"cat": 3, "hat": 1}, "5_cat": {"hat": 4}}', "hat 5, cat 3"],
    ["modelspec.thumbnail", "data:image/jpeg;base64,/9j/", "image/jpeg, 3 bytes"],
    ["modelspec.thumbnail", "none", "4 characters that are no picture"],
    [
      "lora.provenance",
      '{"tool":"lora 1.0.0","job":"merge","inputs":[{"name":"a"}],"models":[{"name":"b"}]}',
      "lora 1.0.0, merge of a, b",
    ],
  ])("%s", (key, value, text) => {
    expect(readableValue(key, value)).toBe(text);
  });

  test.each([
    "ss_training_started_at",
    "ss_network_args",
    "ss_dataset_dirs",
    "ss_tag_frequency",
    "lora.provenance",
  ])("%s stays as it is where it is of another form", (key) =>
    expect(["soon", "[1]", "-1"].map((value) => readableValue(key, value))).toEqual(["soon", "[1]", "-1"]),
  );
});

test("tags are counted over all folders, the most frequent first; what is no count is left out", () => {
  expect(tagCounts('{"a": {"cat": 1, " hat": 2, "bad": "x"}, "b": {"cat": 4}, "c": 3}')).toEqual([
    { tag: "cat", count: 5 },
    { tag: "hat", count: 2 },
  ]);
  expect(tagCounts("no JSON")).toEqual([]);
});

test("trigger words: those that are stated, then kohya's folders, each once", () => {
  const words = triggerWords({
    "modelspec.trigger_phrase": "ohwx",
    ss_dataset_dirs: '{"10_ohwx": {}, "5_a cat": {}, "regular": {}}',
    "activation text": "None",
  });
  expect(words).toEqual([
    { words: "ohwx", from: "modelspec.trigger_phrase" },
    { words: "a cat", from: "ss_dataset_dirs" },
  ]);
});

describe.skipIf(!existsSync(data))("a real file of kohya's trainer", () => {
  test("has its facts, tags and trigger words read", async () => {
    const file = await openFile(path.join(data, "lycoris-lokr/smart_falcon_4_lokr.safetensors"));
    await file.close();
    const { groups, triggers, tags, unset } = describeMetadata(Object.fromEntries(file.metadata));
    const facts = groups.flatMap((group) => group.facts);
    expect(facts.length + unset.length).toBe(file.metadata.size);
    expect(facts.find(({ key }) => key === "ss_network_args")!.text).toBe(
      "conv_rank=4, conv_alpha=4, algo=lokr",
    );
    expect(triggers).toEqual([{ words: "smf girl", from: "ss_dataset_dirs" }]);
    expect(tags[0]).toEqual({ tag: String.raw`smart falcon \(umamusume\)`, count: 130 });
  });
});
