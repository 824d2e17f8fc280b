import { randomMatrix } from "@lora/linalg";
import { memorySink, writeSafetensors } from "@lora/io";
import {
  type LazyTensor,
  type Shape,
  tensorFile,
  type TensorFile,
  tensorOfBytes,
  tensorOfValues,
} from "@lora/tensor";
import { kohyaFile } from "../adapters.test-helper.ts";
import { joinParts } from "../join/join-parts.ts";
import type { Part } from "../join/check-parts.ts";
import { parsePartRecord } from "./part-record.ts";
import { runJob } from "./run-job.ts";
import { runShare } from "./run-share.ts";
import type { SplitJob } from "./split-job.ts";

/** A job and what it reads. */
export interface SplitCase {
  readonly job: SplitJob;
  readonly files: Readonly<Record<string, TensorFile>>;
}

/** An output as it would lie on a disk, and its report. */
export interface Written {
  readonly bytes: Uint8Array | undefined;
  readonly sidecars: readonly (readonly [string, string])[];
  readonly shards: readonly (readonly [string, string])[] | undefined;
  readonly report: object | undefined;
}

const PLACE = { path: "out.safetensors", bytes: 1 };

async function bytesOf(file: TensorFile | undefined): Promise<Uint8Array | undefined> {
  if (file === undefined) return undefined;
  const sink = memorySink();
  await writeSafetensors(file, sink);
  await sink.commit();
  return sink.bytes!;
}

async function written(output: Awaited<ReturnType<typeof runJob>>[number]): Promise<Written> {
  const bytes = await bytesOf(output.file);
  return {
    bytes,
    sidecars: [...(output.file?.sidecars ?? [])],
    shards: output.file?.shards && [...output.file.shards],
    report: output.report(PLACE),
  };
}

/** What one process writes. */
export async function whole({ job, files }: SplitCase): Promise<Written[]> {
  const results: Written[] = [];
  for (const output of await runJob(job, new Map(Object.entries(files)))) results.push(await written(output));
  return results;
}

/** The parts that so many processes write, those of each output apart, records through their text. */
export async function partsOf({ job, files }: SplitCase, count: number): Promise<Part[][]> {
  const byOutput: Part[][] = [];
  for (let index = 1; index <= count; index++) {
    const run = { job, files: new Map(Object.entries(files)), share: { index, count } };
    for (const [at, output] of (await runShare(run)).entries()) {
      const file = output.file && (await inMemory(output.file));
      output.report(PLACE);
      const name = `part ${index}`;
      const record = parsePartRecord(JSON.stringify(output.record()), name);
      (byOutput[at] ??= []).push({ name, record, file });
    }
  }
  return byOutput;
}

/** What joining those parts writes. */
export async function joined(splitCase: SplitCase, count: number): Promise<Written[]> {
  const results: Written[] = [];
  for (const parts of await partsOf(splitCase, count))
    results.push(await written(await joinParts(parts.reverse())));
  return results;
}

async function inMemory(file: TensorFile): Promise<TensorFile> {
  const tensors: [string, LazyTensor][] = [];
  for (const [name, tensor] of file.tensors)
    tensors.push([name, tensorOfBytes(await tensor.bytes(), tensor.dtype, tensor.shape)]);
  return { ...file, tensors: new Map(tensors) };
}

/** A kohya adapter of modules of several sizes, with texts and a tensor beside them. */
export function adapter(seed = 1): TensorFile {
  const made = Object.fromEntries(
    Array.from({ length: 7 }, (_, i) => [
      `lora_unet_${i}`,
      { out: 6 + 3 * i, in: 5 + seed, rank: 2 + (i % 3), alpha: 1 + i },
    ]),
  );
  const file = kohyaFile(made, { ss_network_dim: "4", note: "kept" });
  const extra = tensorOfValues(randomMatrix(4, 3, 90).data, "f32", [4, 3]);
  return {
    ...file,
    name: `folder/made-${seed}.safetensors`,
    tensors: new Map([...file.tensors, ["beside", extra]]),
  };
}

const WEIGHTS: Readonly<Record<string, Shape>> = {
  "model.layers.0.q_proj.weight": [16, 12],
  "model.layers.0.k_proj.weight": [8, 12],
  "model.layers.1.q_proj.weight": [16, 12],
  "model.layers.1.k_proj.weight": [8, 12],
  "model.norm.weight": [12],
  "model.layers.0.norm.weight": [12],
};

/** A small llama-shaped model in `shards` files. */
export function model(name: string, seed: number, shards = 0): TensorFile {
  const names = Object.keys(WEIGHTS);
  const tensors = names.map((key, i) => {
    const shape = WEIGHTS[key]!;
    const [rows = 1, cols = 1] = shape;
    const before = randomMatrix(rows, cols, i + 1).data;
    const moved = randomMatrix(rows, cols, 100 * seed + i).data;
    // One weight and one norm stay as they are.
    const data = before.map((value, j) => value + (seed === 0 || i % 4 === 1 ? 0 : 0.1 * moved[j]!));
    return [key, tensorOfValues(data, "bf16", shape)] as const;
  });
  const file = tensorFile({ name, tensors, sidecars: [["config.json", '{"model_type": "llama"}']] });
  if (shards === 0) return file;
  const places = names.map(
    (key, i) => [key, `model-${Math.floor((i * shards) / names.length) + 1}.safetensors`] as const,
  );
  return { ...file, shards: new Map(places) };
}

/** A PEFT adapter for the model. */
export function peftAdapter(seed: number): TensorFile {
  const names = ["model.layers.0.q_proj", "model.layers.0.k_proj", "model.layers.1.q_proj"];
  const tensors = names.flatMap((name, i): [string, LazyTensor][] => {
    const [out = 0, inner = 0] = WEIGHTS[`${name}.weight`]!;
    const factor = (rows: number, cols: number, at: number): LazyTensor =>
      tensorOfValues(randomMatrix(rows, cols, seed + at).data, "f32", [rows, cols]);
    return [
      [`base_model.model.${name}.lora_A.weight`, factor(3, inner, 2 * i)],
      [`base_model.model.${name}.lora_B.weight`, factor(out, 3, 2 * i + 1)],
    ];
  });
  const config = { peft_type: "LORA", r: 3, lora_alpha: 6, target_modules: ["q_proj", "k_proj"] };
  return tensorFile({
    name: `adapter-${seed}`,
    tensors,
    sidecars: [["adapter_config.json", JSON.stringify(config)]],
  });
}
