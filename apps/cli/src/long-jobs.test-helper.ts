import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { memorySink, writeSafetensors, writeSharded } from "@lora/io";
import { type LazyTensor, tensorFile, type TensorFile, tensorOfBytes } from "@lora/tensor";
import { contents } from "./bad-input/malformed.test-helper.ts";

/** How large the inputs are. */
export interface InputSize {
  readonly layers: number;
  readonly width: number;
}

const RANK = 4;

/** Small numbers in bf16, made from their place. */
function made(rows: number, cols: number, seed: number): LazyTensor {
  const bits = Uint16Array.from(
    { length: rows * cols },
    (_, i) =>
      0x3c00 + (((i * 2_654_435_761 + seed * 977) >>> 16) % 0x180) + ((i * 7 + seed) % 3 === 0 ? 0x8000 : 0),
  );
  return tensorOfBytes(new Uint8Array(bits.buffer), "bf16", [rows, cols]);
}

function modelOf({ layers, width }: InputSize, seed: number): TensorFile {
  const tensors = Array.from(
    { length: layers },
    (_, i) => [`layers.${i}.q.weight`, made(width, width, i + seed)] as const,
  );
  return tensorFile({ name: "model", tensors: [...tensors, ["norm.weight", made(1, width, 99)]] });
}

function adapterOf({ layers, width }: InputSize, seed: number): TensorFile {
  const tensors = Array.from({ length: layers }, (_, i) => [
    [`layers.${i}.q.lora_down.weight`, made(RANK, width, i + seed)] as const,
    [`layers.${i}.q.lora_up.weight`, made(width, RANK, i + 50 + seed)] as const,
  ]).flat();
  return tensorFile({ name: "adapter", tensors });
}

async function writeModel(folder: string, size: InputSize, seed: number): Promise<void> {
  const sinks = new Map<string, ReturnType<typeof memorySink>>();
  const makeSink = (name: string): ReturnType<typeof memorySink> => {
    const sink = memorySink();
    sinks.set(name, sink);
    return sink;
  };
  const options = { maxShardBytes: 2 * size.width ** 2 * 2, stem: "model" };
  await writeSharded(modelOf(size, seed), makeSink, options);
  mkdirSync(folder);
  for (const [name, sink] of sinks) writeFileSync(join(folder, name), sink.bytes!);
  writeFileSync(join(folder, "config.json"), '{"model_type":"llama"}');
  writeFileSync(join(folder, "tokenizer.json"), '{"words":1}');
}

async function writeAdapter(path: string, size: InputSize, seed: number): Promise<void> {
  const sink = memorySink();
  await writeSafetensors(adapterOf(size, seed), sink);
  await sink.commit();
  writeFileSync(path, sink.bytes!);
}

/** Writes a base in several files, a tuned one and two adapters to a folder. */
export async function writeInputs(folder: string, size: InputSize): Promise<void> {
  await writeModel(join(folder, "base"), size, 0);
  await writeModel(join(folder, "tuned"), size, 300);
  await writeAdapter(join(folder, "a.safetensors"), size, 0);
  await writeAdapter(join(folder, "b.safetensors"), size, 20);
}

/** A command that takes long on large inputs. */
export interface LongJob {
  /** What follows `lora`, the path of each input and output by its name. */
  readonly words: (path: (name: string) => string) => readonly string[];
  /** What it writes. */
  readonly outputs: readonly string[];
}

const GENERIC = ["--dialect", "generic"];

/** Every command that writes much, and each of its ways of writing. */
export const LONG_JOBS: Readonly<Record<string, LongJob>> = {
  "resize by a rule for each module": {
    words: (path) => [
      "resize",
      path("a.safetensors"),
      "-o",
      path("s.safetensors"),
      "--error",
      "0.5",
      ...GENERIC,
    ],
    outputs: ["s.safetensors"],
  },
  "resize by a rule for all modules together": {
    words: (path) => {
      const recipe = ["--recipe", "spn_lora=1,size=0.004:spn_ckpt=1,thr=-0.2", "--base", path("base")];
      return ["resize", path("a.safetensors"), "-o", path("r.safetensors"), ...recipe, ...GENERIC];
    },
    outputs: ["r_spnlora1_size0.004.safetensors", "r_spnckpt1_th-0.2.safetensors"],
  },
  combine: {
    words: (path) => {
      const inputs = [path("a.safetensors:0.7"), path("b.safetensors:-0.4")];
      return [
        "combine",
        ...inputs,
        "-o",
        path("c.safetensors"),
        "--method",
        "svd",
        "--error",
        "0.3",
        ...GENERIC,
      ];
    },
    outputs: ["c.safetensors"],
  },
  "merge into a folder": {
    words: (path) => [
      "merge",
      path("a.safetensors"),
      "--base",
      path("base"),
      "-o",
      path("merged"),
      ...GENERIC,
    ],
    outputs: ["merged"],
  },
  "merge into one file": {
    words: (path) => {
      const inputs = [path("a.safetensors:0.5"), path("b.safetensors")];
      return ["merge", ...inputs, "--base", path("base"), "-o", path("m.safetensors"), ...GENERIC];
    },
    outputs: ["m.safetensors"],
  },
  extract: {
    words: (path) => [
      "extract",
      "--base",
      path("base"),
      "--tuned",
      path("tuned"),
      "-o",
      path("x"),
      "--rank",
      "3",
      "--keep-rest",
    ],
    outputs: ["x"],
  },
  init: {
    words: (path) => {
      const method = ["--method", "pissa", "--rank", "2", "--target-modules", "q"];
      return ["init", "--base", path("base"), ...method, "-o", path("i"), "--residual-base", path("i-base/")];
    },
    outputs: ["i-base", "i"],
  },
};

/** Under this name a file is written until it is whole. */
const PARTIAL = /\.partial-\d+$/u;

/** The hash of every file of the outputs that bears its final name. */
export function outputContents(folder: string, outputs: readonly string[]): Record<string, string> {
  const all = Object.entries(contents(folder));
  return Object.fromEntries(
    all.filter(
      ([file]) =>
        !PARTIAL.test(file) && outputs.some((output) => file === output || file.startsWith(`${output}/`)),
    ),
  );
}

/** Those of the outputs that bear their final name. */
export function present(folder: string, outputs: readonly string[]): string[] {
  return outputs.filter((output) => existsSync(join(folder, output)));
}
