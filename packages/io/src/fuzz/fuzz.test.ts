import { join } from "node:path";
import { LoraError, tensorFile, tensorOfValues } from "@lora/tensor";
import { expect, test } from "vitest";
import type { Format } from "../formats/_format.ts";
import { gguf } from "../formats/gguf.ts";
import { npy } from "../formats/npy.ts";
import { npz } from "../formats/npz.ts";
import { pytorch } from "../formats/pytorch.ts";
import { safetensors } from "../formats/safetensors.ts";
import { goldenBytes, readGoldens } from "../golden.test-helper.ts";
import { writeSafetensors } from "../safetensors/write.ts";
import { memorySink } from "../sinks/memory-sink.ts";
import { bytesSource } from "../sources/bytes-source.ts";
import { fuzz } from "./fuzz.test-helper.ts";

/** More of them: `LORA_FUZZ=100000 pnpm exec vitest run packages/io/src/fuzz`, some minutes. */
const cases = Number(process.env["LORA_FUZZ"] ?? 300);
/** What a process allocates and frees around a case of a few KB. */
const SLACK_BYTES = 64 * 2 ** 20;

const folder = join(import.meta.dirname, "..");

/** The files of a golden whose names begin so. */
function goldenFiles(path: string, ...beginnings: readonly string[]): Uint8Array[] {
  return readGoldens(join(folder, path))
    .filter(([name]) => beginnings.some((beginning) => name.startsWith(beginning)))
    .map(([, golden]) => goldenBytes(golden));
}

async function safetensorsFile(): Promise<Uint8Array> {
  const sink = memorySink();
  const file = tensorFile({
    name: "made",
    tensors: [
      ["a.weight", tensorOfValues([1, 2, 3, 4, 5, 6], "f32", [2, 3])],
      ["b.half", tensorOfValues([0.5, -2], "f16", [2])],
      ["c.scalar", tensorOfValues([7], "i64", [])],
      ["d.empty", tensorOfValues([], "bf16", [0, 4])],
    ],
    metadata: [["note", "made for tests"]],
  });
  await writeSafetensors(file, sink);
  await sink.commit();
  return sink.bytes!;
}

const READERS: readonly (readonly [name: string, format: Format, files: readonly Uint8Array[]])[] = [
  ["safetensors", safetensors, [await safetensorsFile()]],
  [
    "PyTorch's zip",
    pytorch,
    goldenFiles("torch/torch.golden.json", "zip", "nested", "one", "a list", "big", "deflated"),
  ],
  ["PyTorch's legacy format", pytorch, goldenFiles("torch/torch.golden.json", "legacy")],
  ["GGUF", gguf, goldenFiles("gguf/gguf.golden.json", "")],
  ["npz", npz, goldenFiles("numpy/numpy.golden.json", "npz")],
  ["npy", npy, goldenFiles("numpy/numpy.golden.json", "npy")],
];

test.each(READERS)(
  "damaged files of %s are read or refused, and nothing else",
  async (name, format, files) => {
    const { faults, ...report } = await fuzz(format, files, cases);
    expect(faults).toEqual([]);
    expect(report.opened + report.refused).toBe(cases);
    expect(report.mostRead).toBeLessThan(4);
    expect(report.mostExcessBytes).toBeLessThan(SLACK_BYTES);
    if (process.env["LORA_FUZZ"] !== undefined) process.stderr.write(`${name}: ${JSON.stringify(report)}\n`);
  },
  60_000 + 20 * cases,
);

test.each(READERS)("files of %s cut anywhere are read or refused", async (_, format, files) => {
  const [smallest] = files.toSorted((a, b) => a.length - b.length);
  for (let length = 0; length < smallest!.length; length += 1) {
    const source = bytesSource(smallest!.subarray(0, length), "cut.file");
    const outcome = await format.open(source).catch((error: unknown) => error);
    expect(outcome instanceof LoraError || "tensors" in (outcome as object)).toBe(true);
  }
});
