import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { run } from "../run.test-helper.ts";
import {
  counting,
  expectFileRefused,
  expectRefused,
  fileOf,
  inFolder,
  MODULE,
  soundModule,
  type Values,
} from "./malformed.test-helper.ts";

const [alpha, down, up] = [`${MODULE}.alpha`, `${MODULE}.lora_down.weight`, `${MODULE}.lora_up.weight`];

function changed(changes: Readonly<Record<string, Values>>): Buffer {
  return fileOf({ ...soundModule, ...changes });
}

test("the sound module of these tests is accepted", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "style.safetensors");
    writeFileSync(path, fileOf(soundModule));
    const { code, stdout } = await run(["inspect", path]);
    expect(code).toBe(0);
    expect(stdout).toContain("1 module of rank 2");
  });
});

test.each([
  ["up without down", fileOf({ [up]: soundModule[up]! }), "MISSING  a module has no down factor", up],
  ["down without up", fileOf({ [down]: soundModule[down]! }), "MISSING  a module has no up factor", down],
  [
    "factors of different ranks",
    changed({ [up]: counting(3, 5) }),
    "SHAPE  the factors of a module have different ranks: 2 × 4 and 3 × 5",
    up,
  ],
  [
    "a factor with one axis",
    changed({ [down]: counting(8) }),
    "SHAPE  a factor must be a matrix or a convolution kernel without empty axes, and is 8",
    down,
  ],
  [
    "rank 0",
    changed({ [down]: counting(0, 4), [up]: counting(3, 0) }),
    "SHAPE  a factor must be a matrix or a convolution kernel without empty axes, and is 0 × 4",
    down,
  ],
  [
    "a layer without outputs",
    changed({ [up]: counting(0, 2) }),
    "SHAPE  a factor must be a matrix, or a convolution with a kernel of 1 without empty axes, and is 0 × 2",
    up,
  ],
  [
    "alpha of 0",
    changed({ [alpha]: { shape: [], values: [0] } }),
    "NUMERIC  alpha must be a number above 0, and is 0",
    alpha,
  ],
  [
    "a negative alpha",
    changed({ [alpha]: { shape: [], values: [-8] } }),
    "NUMERIC  alpha must be a number above 0, and is -8",
    alpha,
  ],
  [
    "an alpha that is NaN",
    changed({ [alpha]: { shape: [], values: [Number.NaN] } }),
    "NUMERIC  alpha must be a number above 0, and is NaN",
    alpha,
  ],
  [
    "an alpha of two values",
    changed({ [alpha]: counting(2) }),
    "SHAPE  alpha must be one value, and is 2",
    alpha,
  ],
  [
    "no adapter at all",
    fileOf({ "model.embed_tokens.weight": counting(2, 4) }),
    "UNSUPPORTED  none of the 1 tensors is a factor of a low-rank pair",
    undefined,
  ],
])("%s is refused by every command", async (_, bytes, rule, tensor) => {
  await expectFileRefused(bytes, { rule, tensor });
});

test.each([
  [
    "NaN",
    { shape: [2, 4], values: [1, 2, 3, 4, 5, Number.NaN, 7, 8] },
    "NUMERIC  value 5 of a factor is NaN",
  ],
  [
    "Inf",
    { shape: [2, 4], values: [1, 2, 3, 4, 5, 6, 7, Number.POSITIVE_INFINITY] },
    "NUMERIC  value 7 of a factor is Infinity",
  ],
])("a weight that is %s is named by every command that reads weights", async (_, values, rule) => {
  await inFolder(async (folder) => {
    const path = join(folder, "style.safetensors");
    writeFileSync(path, changed({ [down]: values }));
    const place = { rule, file: path, tensor: down };
    await expectRefused(["analyse", path], folder, place);
    await expectRefused(
      ["resize", path, "-o", join(folder, "out.safetensors"), "--rank", "1"],
      folder,
      place,
    );
    await expectRefused(["resize", path, "--dry-run", "--rank", "1"], folder, place);
    await expectRefused(["verify", path, path], folder, place);
  });
});

test("a value beyond the type it is to be stored in is named, and nothing is written", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "style.safetensors");
    writeFileSync(path, changed({ [up]: { shape: [3, 2], values: [1e30, 2, 3, 4, 5, 6] } }));
    const out = join(folder, "out.safetensors");
    await expectRefused(["resize", path, "-o", out, "--rank", "1", "--dtype", "f16"], folder, {
      rule: "NUMERIC  -2340347336928864.5 is too large for f16",
    });
  });
});
