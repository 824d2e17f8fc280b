import { expect, test } from "vitest";
import { LoraError, locate } from "./errors.ts";

test("facts are what is not advice or cause, and JSON holds all but the cause", () => {
  const cause = new Error("disk");
  const error = new LoraError("IO", "cannot read", {
    file: "a.safetensors",
    tensor: "w",
    advice: "retry",
    cause,
  });
  expect(error.cause).toBe(cause);
  expect(JSON.parse(JSON.stringify(error))).toEqual({
    code: "IO",
    message: "cannot read",
    facts: { file: "a.safetensors", tensor: "w" },
    advice: "retry",
  });
});

test("the place is filled in on the way up, and what is known wins", async () => {
  const work = locate({ file: "outer", tensor: "w" }, () => {
    throw new LoraError("NUMERIC", "NaN", { file: "inner" });
  });
  await expect(work).rejects.toMatchObject({ facts: { file: "inner", tensor: "w" } });
  await expect(locate({}, () => Promise.reject(new TypeError("other")))).rejects.toThrow(TypeError);
  expect(await locate({}, () => 7)).toBe(7);
});
