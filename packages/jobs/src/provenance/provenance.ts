import { dataSha256, layoutSha256 } from "@lora/io";
import type { TensorFile } from "@lora/tensor";
import { parsedJson } from "../metadata/parsed.ts";
import type { RunContext } from "../pool/run-context.ts";
import { fileName } from "./file-name.ts";
import { hashSpans, spansOf } from "./hash-spans.ts";

/** Where a file keeps what it was made from: one JSON object. */
export const PROVENANCE = "lora.provenance";

/** The files that go into a job. */
export interface Inputs {
  /** Read whole for their hash: small ones. */
  readonly adapters?: readonly { readonly file: TensorFile; readonly weight?: number | undefined }[];
  /** Known by name, size and what their headers say. */
  readonly models?: readonly TensorFile[] | undefined;
}

/** Who made something, and the inputs by which they are known: plain data. */
export interface Origin {
  readonly tool: string;
  readonly inputs: readonly object[];
  readonly models: readonly object[];
}

/**
 * What is known of the inputs of a job: the adapters by name, size and SHA-256 of their values, models by name, size and SHA-256 of
 * their layout and metadata, since hashing gigabytes would cost another read of them; with the provenance they carry themselves.
 * No dates and no paths: the same inputs give the same. Costs one read of each adapter.
 */
export async function originOf({ adapters = [], models = [] }: Inputs, context: RunContext): Promise<Origin> {
  const inputs = [];
  // Runs that share a job write it down, since whoever joins them has no values.
  const hashes = context.findings?.of<string>("data_sha256");
  for (const [index, { file, weight }] of adapters.entries()) {
    const { provenance: before, ...named } = known(file);
    const hash = hashes?.get(String(index)) ?? (await valuesSha256(file, context));
    hashes?.set(String(index), hash);
    inputs.push({ ...named, data_sha256: hash, weight, provenance: before });
  }
  const described = models.map((model) => {
    const { provenance: before, ...named } = known(model);
    return { ...named, layout_sha256: layoutSha256(model), provenance: before };
  });
  return { tool: context.tool ?? "@lora/jobs", inputs, models: described };
}

function valuesSha256(file: TensorFile, context: RunContext): Promise<string> {
  const { pool, signal } = context;
  const spans = pool?.reachesFiles === true ? spansOf(file) : undefined;
  if (pool === undefined || spans === undefined) return dataSha256(file, context);
  return pool.run(hashSpans, { bytes: 0, input: async () => spans, signal });
}

/**
 * The metadata that says what a file was made from: tool, job, options and inputs under `lora.provenance`.
 *
 * @param options what the values follow from besides the inputs; what is undefined is left out
 */
export function provenance(
  { tool, inputs, models }: Origin,
  job: string,
  options: Readonly<Record<string, unknown>>,
): readonly [key: string, value: string] {
  return [PROVENANCE, JSON.stringify({ tool, job, options, inputs, models })];
}

function known({ name, byteLength, metadata }: TensorFile): {
  readonly name: string;
  readonly bytes: number | undefined;
  readonly provenance: unknown;
} {
  const before = metadata.get(PROVENANCE);
  return {
    name: fileName(name),
    bytes: byteLength,
    provenance: before === undefined ? undefined : (parsedJson(before) ?? before),
  };
}
