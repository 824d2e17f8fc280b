import { expect, test } from "vitest";
import { openSafetensors } from "./open.ts";
import { entry, rawSource } from "./raw-file.test-helper.ts";

/** More than are kept as objects. */
const COUNT = 20_000;
const entries = Array.from({ length: COUNT }, (_, i): [string, unknown] => [
  `n${COUNT - i}\n`,
  entry("U8", [1], i, i + 1),
]);

test("tens of thousands of tensors are found, listed and read like a few", async () => {
  const { tensors } = await openSafetensors(rawSource(Object.fromEntries(entries.toReversed()), COUNT));
  expect(tensors.size).toBe(COUNT);
  expect([...tensors.keys()]).toEqual(entries.map(([name]) => name));
  expect(tensors.get("n7\n")).toMatchObject({ dtype: "u8", shape: [1], byteLength: 1 });
  expect(await tensors.get("n7\n")?.bytes()).toEqual(Uint8Array.of((COUNT - 7) & 0xff));
  expect(["n7", "", "z"].map((name) => tensors.get(name))).toEqual([undefined, undefined, undefined]);
});

test("a name twice among tens of thousands is found", async () => {
  const text = JSON.stringify(Object.fromEntries(entries)).replace('"n20000\\n"', '"\\u006e1\\n"');
  await expect(openSafetensors(rawSource(text, COUNT))).rejects.toMatchObject({
    code: "FORMAT",
    facts: { key: "n1\n" },
  });
});
