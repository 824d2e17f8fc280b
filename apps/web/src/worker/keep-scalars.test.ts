import { tensorFile, tensorOfValues } from "@lora/tensor";
import { expect, test } from "vitest";
import { keepScalars } from "./keep-scalars.ts";

test("a scalar is read once, a factor each time, and a failure is not kept", async () => {
  const reads: string[] = [];
  let broken = true;
  const counted = (name: string, values: readonly number[]) => {
    const tensor = tensorOfValues(values, "f32", [values.length]);
    const bytes: typeof tensor.bytes = async (...args) => {
      reads.push(name);
      if (name === "alpha" && broken) throw new Error("not now");
      return tensor.bytes(...args);
    };
    return [name, { ...tensor, bytes }] as const;
  };
  const file = keepScalars(
    tensorFile({ name: "a", tensors: [counted("alpha", [8]), counted("up", [1, 2, 3])] }),
  );
  const read = async (name: string): Promise<Uint8Array> => file.tensors.get(name)!.bytes();
  await expect(read("alpha")).rejects.toThrow("not now");
  broken = false;
  const first = await read("alpha");
  first.fill(0);
  expect(new Float32Array((await read("alpha")).buffer)).toEqual(Float32Array.of(8));
  await read("up");
  await read("up");
  expect(reads).toEqual(["alpha", "alpha", "up", "up"]);
});
