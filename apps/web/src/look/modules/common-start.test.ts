import { expect, test } from "vitest";
import { commonStart } from "./common-start.ts";

test.each([
  [["a.model.layers.0.q", "a.model.layers.1.q"], "layers.0.q"],
  [["unet_down_q", "unet_down_k"], "q"],
  [["one", "two"], "one"],
  [["alone.here"], "alone.here"],
  [[], ""],
])("what all names begin with is left out: %j", (names, shown) => {
  expect((names[0] ?? "").slice(commonStart(names))).toBe(shown);
});
