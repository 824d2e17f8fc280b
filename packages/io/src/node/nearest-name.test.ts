import { expect, test } from "vitest";
import { nearestName } from "./nearest-name.ts";

test.each([
  ["style.safetensor", ["stale.safetensors", "style.safetensors"], "style.safetensors"],
  ["Style.SafeTensors", ["style.safetensors"], "style.safetensors"],
  ["kitten", ["sitting"], undefined],
  ["sitten", ["sitting"], "sitting"],
  ["x", ["y"], undefined],
  ["abc", [], undefined],
])("for %s among %j it is %s", (wanted, names, nearest) => {
  expect(nearestName(wanted, names)).toBe(nearest);
});
