import { isStoredType, type StoredType } from "@lora/linalg";
import type { AdapterModule, Magnitude, PairedWeight, Part } from "@lora/peft";
import {
  type FilePlace,
  type LazyTensor,
  locate,
  rowBytes,
  type RowRange,
  tensorOfBytes,
  type TensorSpec,
} from "@lora/tensor";
import type { WeightPlace } from "./finite-base-weight.ts";
import type { Sent } from "./pool/sent.ts";
import type { WorkerPool } from "./pool/worker-pool.ts";

/** A module, and the name of the file it is in. */
export interface ModulePlace {
  readonly module: AdapterModule;
  readonly file: string;
}

/** A tensor with its stored bytes: plain data, postable to a worker. */
export interface PostedTensor extends TensorSpec {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A module whose factors have been read. */
export interface PostedModule {
  readonly file: string;
  readonly header: Omit<AdapterModule, "parts" | "magnitude">;
  readonly magnitude: (PostedTensor & Pick<Magnitude, "axis">) | undefined;
  readonly parts: readonly (readonly [part: Part, tensor: PostedTensor])[];
}

/** A base weight that has been read: the rows that a module changes. */
export interface PostedWeight extends PostedTensor {
  readonly file: string;
  readonly transposed: boolean;
}

/** A base weight in an open file, which a worker reads itself. */
export interface PlacedWeight extends Omit<PostedWeight, "bytes" | "dtype"> {
  readonly dtype: StoredType;
  readonly place: FilePlace;
}

/** Where the weight of a module is, and in which file. */
export interface BaseWeightPlace {
  readonly pair: PairedWeight;
  /** Name of the base. */
  readonly file: string;
}

/** Where what is sent goes. */
export interface Sending {
  readonly pool: Pick<WorkerPool, "reachesFiles">;
  readonly signal: AbortSignal | undefined;
}

/** Reads the factors of a module, or says where its worker can; an alpha that scales is known from the header on. */
export async function sendModule(
  { module, file }: ModulePlace,
  sending: Sending,
): Promise<Sent<PostedModule>> {
  const { parts, magnitude, ...header } = module;
  const factors = [...parts].filter(([part]) => part !== "alpha" || header.scaleSource !== "tensor");
  const read = factors.map(
    async ([part, { name, tensor }]) => [part, await sendTensor({ name, file, tensor }, sending)] as const,
  );
  const posted = magnitude && {
    axis: magnitude.axis,
    ...(await sendTensor({ name: magnitude.name, file, tensor: magnitude.tensor }, sending)),
  };
  return { file, header, magnitude: posted, parts: await Promise.all(read) };
}

/** Reads the base weight of a module, of a fused tensor only its rows, or says where its worker can. */
export async function sendWeight(
  { pair, file }: BaseWeightPlace,
  sending: Sending,
): Promise<Sent<PostedWeight>> {
  const { name, tensor, rows, transposed } = pair;
  return { ...(await sendTensor({ name, file, tensor, rows }, sending)), file, transposed };
}

/** Reads the base weight of a module, of a fused tensor only its rows. */
export async function postWeight(
  { pair, file }: BaseWeightPlace,
  signal: AbortSignal | undefined,
): Promise<PostedWeight> {
  const { name, tensor, rows, transposed } = pair;
  return { ...(await postTensor({ name, file, tensor, rows }, signal)), file, transposed };
}

/** The place of a base weight, where workers reach its file and an engine holds its values as they are stored. */
export function placeWeight(
  { pair, file }: BaseWeightPlace,
  { reachesFiles }: Pick<WorkerPool, "reachesFiles">,
): PlacedWeight | undefined {
  const { name, tensor, rows, transposed } = pair;
  const { dtype, shape } = specOf({ tensor, rows });
  const inFile = reachesFiles === true ? placeOf({ tensor, rows }) : undefined;
  if (inFile === undefined || !isStoredType(dtype)) return undefined;
  return { name, file, transposed, dtype, shape, place: inFile.place };
}

/** Where a tensor is. */
export interface ToRead {
  readonly name: string;
  readonly file: string;
  readonly tensor: LazyTensor;
  readonly rows?: RowRange | undefined;
}

type Rows = Pick<ToRead, "tensor" | "rows">;

/** Reads a tensor, or some of its rows, unless the pool can. */
async function sendTensor(wanted: ToRead, { pool, signal }: Sending): Promise<Sent<PostedTensor>> {
  const { name } = wanted;
  const found = pool.reachesFiles === true ? placeOf(wanted) : undefined;
  if (found === undefined) return postTensor(wanted, signal);
  return { name, ...specOf(wanted), bytes: { inFile: found.place, length: found.length, tensor: name } };
}

/** Reads a tensor, or some of its rows. */
export async function postTensor(wanted: ToRead, signal: AbortSignal | undefined): Promise<PostedTensor> {
  const { name, file, tensor, rows } = wanted;
  const bytes = await locate({ file, tensor: name }, () => tensor.bytes(rows, signal));
  return { name, ...specOf(wanted), bytes };
}

/** Where the bytes of a tensor, or of some of its rows, lie in an open file. */
function placeOf({ tensor, rows }: Rows): { readonly place: FilePlace; readonly length: number } | undefined {
  const { place } = tensor;
  if (place === undefined) return undefined;
  const [from, to] = rowBytes(tensor, rows);
  return { place: { ...place, position: place.position + from }, length: to - from };
}

function specOf({ tensor: { dtype, shape }, rows }: Rows): TensorSpec {
  return { dtype, shape: rows ? [rows[1] - rows[0], ...shape.slice(1)] : shape };
}

/** The module that was posted, its factors in memory. */
export function receivedModule({ header, parts, magnitude }: PostedModule): AdapterModule {
  return {
    ...header,
    ...(magnitude && {
      magnitude: { name: magnitude.name, axis: magnitude.axis, tensor: received(magnitude) },
    }),
    parts: new Map(parts.map(([part, tensor]) => [part, { name: tensor.name, tensor: received(tensor) }])),
  };
}

/** The place of a base weight that was posted, its values in memory. */
export function receivedWeight(module: AdapterModule, weight: PostedWeight): WeightPlace {
  const { name, file, transposed } = weight;
  return { module, file, pair: { name, transposed, tensor: received(weight) } };
}

/** The tensor that was posted, in memory. Its bytes are those that were posted, not a copy: to be read, and no longer than its task. */
export function received({ bytes, dtype, shape }: PostedTensor): LazyTensor {
  const tensor = tensorOfBytes(bytes, dtype, shape);
  return { ...tensor, bytes: async (rows) => bytes.subarray(...rowBytes(tensor, rows)) };
}

/** Stored bytes of a module's factors. */
export function moduleBytes({ parts }: AdapterModule): number {
  let bytes = 0;
  for (const { tensor } of parts.values()) bytes += tensor.byteLength;
  return bytes;
}

/** Stored bytes of the part of a base weight that a module changes. */
export function weightBytes({ tensor, rows }: PairedWeight): number {
  return rows === undefined
    ? tensor.byteLength
    : (tensor.byteLength / tensor.shape[0]!) * (rows[1] - rows[0]);
}
