import { type AnyMatrix, isStoredType, type StoredType } from "@lora/linalg";
import { withRows } from "@lora/peft";
import {
  checkAborted,
  DTYPES,
  type FilePlace,
  type FileTarget,
  type LazyTensor,
  locate,
  LoraError,
  readValues,
  type RowRange,
  encode,
} from "@lora/tensor";
import type { WorkerPool } from "../pool/worker-pool.ts";
import { addInFile } from "./add-in-file.ts";
import { type AddedFacts, addRows, type PostedFactors, type PostedRows } from "./add-rows.ts";
import type { Replacement, RowsChange, TensorChange } from "./change.ts";
import { type LoadedRows, type LoadRowsOptions, loadRows } from "./loaded-rows.ts";
import type { MergeNotes } from "./merge-notes.ts";
import { sumSquares } from "./sum-squares.ts";

/** What the tensors of a merged model share. */
export interface MergeWork extends LoadRowsOptions {
  readonly pool: WorkerPool;
  /** Round updates first, and refuse what is not finite. */
  readonly safe: boolean;
  /** Name of the base. */
  readonly file: string;
  readonly notes: MergeNotes;
}

/** A tensor of the base with its updates added when it is read. Rows may be read in any order, several at once. */
export function mergedTensor(
  name: string,
  tensor: LazyTensor,
  { change, work }: { readonly change: TensorChange; readonly work: MergeWork },
): LazyTensor {
  if (change.kind === "replace") return replacedTensor(tensor, change);
  const loading = new Map<RowsChange, Promise<Ready>>();
  const end = tensor.shape[0]!;
  const ready = (part: RowsChange): Promise<Ready> => {
    const found = loading.get(part) ?? prepared(tensor, part, work);
    found.catch(() => undefined);
    loading.set(part, found);
    return found;
  };
  // Factors are kept until the last rows of the tensor are made.
  const forget = (rows: RowRange): void => {
    for (const part of change.parts) if (rows[1] >= part.rows[1]) loading.delete(part);
  };
  const direct = directChange(tensor, change, work);
  return {
    dtype: tensor.dtype,
    shape: tensor.shape,
    byteLength: tensor.byteLength,
    bytes: (rows = [0, end], signal, into) =>
      locate({ file: work.file, tensor: name }, async () => {
        const parts = change.parts.filter((part) => part.rows[0] < rows[1] && rows[0] < part.rows[1]);
        const result = await addedRows({ name, tensor, rows, into }, { parts, ready, work });
        forget(rows);
        return result;
      }),
    ...(direct && {
      writeTo: (rows: RowRange, to: FileTarget) =>
        locate({ file: work.file, tensor: name }, async () => {
          const updates = await ready(direct.part);
          await writeRows({ name, rows, to, ...direct }, updates, work);
          forget(rows);
        }),
    }),
  };
}

/** A change of all rows of a tensor in a file by a product: a worker adds it on the way from file to file. */
interface DirectChange {
  readonly part: RowsChange;
  readonly place: FilePlace;
  readonly dtype: StoredType;
}

function directChange(
  { dtype, shape, place }: LazyTensor,
  { parts }: TensorChange & { readonly kind: "add" },
  { pool }: MergeWork,
): DirectChange | undefined {
  const [part] = parts;
  if (pool.reachesFiles !== true || place === undefined || !isStoredType(dtype)) return undefined;
  if (parts.length !== 1 || part === undefined || part.rows[1] - part.rows[0] !== shape[0]) return undefined;
  const isProduct = part.contributions.every(
    ({ isFromBase, magnitude }) => !isFromBase && magnitude === undefined,
  );
  return isProduct ? { part, place, dtype } : undefined;
}

async function writeRows(
  wanted: DirectChange & { readonly name: string; readonly rows: RowRange; readonly to: FileTarget },
  update: Ready,
  work: MergeWork,
): Promise<void> {
  const { name, rows, to, part, place, dtype } = wanted;
  const { loaded } = update;
  checkAborted(work.signal);
  // Without the signal: whoever closes the files waits until nothing writes into them.
  const facts = await work.pool.run(addInFile, {
    bytes: 8 * loaded.left.cols * (rows[1] - rows[0] + loaded.right!.cols),
    input: async () => {
      const rowBytes = (loaded.right!.cols * DTYPES[dtype].bits) / 8;
      const { left, right, alpha } = posted(update, rows, rowBytes);
      const from = { ...place, position: place.position + rows[0] * rowBytes };
      const roundProduct = work.safe || isEmbedding(part);
      return { from, to, dtype, left, right: right!, alpha, roundProduct };
    },
  });
  if (work.safe) demandFinite(facts, part, rows);
  work.notes.add({ tensor: name, change: part, frobenius: loaded.frobenius, facts });
}

function replacedTensor(tensor: LazyTensor, { by, rows: some }: Replacement): LazyTensor {
  if (some !== undefined) return withRows(tensor, { tensor: by.tensor, rows: some });
  const { dtype, shape, byteLength } = tensor;
  return {
    dtype,
    shape,
    byteLength,
    async bytes(rows, signal) {
      if (by.tensor.dtype === dtype) return by.tensor.bytes(rows, signal);
      return encode(await readValues(by.tensor, { rows, signal }), dtype);
    },
  };
}

/** The factors of a change, those of DoRA made. */
interface Ready {
  readonly loaded: LoadedRows;
  readonly factors: PostedFactors | undefined;
}

async function prepared(tensor: LazyTensor, part: RowsChange, work: MergeWork): Promise<Ready> {
  const read = await loadRows(part, { ...work, tensor });
  const loaded =
    tensor.dtype === "f64"
      ? read
      : { ...read, left: singles(read.left), right: read.right && singles(read.right) };
  const { magnitude } = loaded;
  if (magnitude === undefined) return { loaded, factors: undefined };
  const squares = await outputSquares(tensor, loaded, work);
  const values = magnitude.values.map((value, i) => {
    const norm = Math.sqrt(squares[i]!);
    if (norm > 0 && norm < Infinity) return Math.fround(value / norm);
    throw new LoraError(
      "NUMERIC",
      `row or column ${i} of the sum has the norm ${norm}, which no magnitude fits`,
      {
        module: part.contributions[0]?.module.name,
      },
    );
  });
  return { loaded, factors: { ...magnitude, values } };
}

function singles(a: AnyMatrix): AnyMatrix {
  return a.data instanceof Float64Array ? { ...a, data: Float32Array.from(a.data) } : a;
}

/** Rows of a block whose sums are squared: 8 MB as they are stored. */
const BLOCK_BYTES = 8 * 2 ** 20;

async function outputSquares(tensor: LazyTensor, loaded: LoadedRows, work: MergeWork): Promise<Float64Array> {
  const { rows, alpha, magnitude } = loaded;
  // Only a product has magnitudes beside it.
  const right = loaded.right!;
  const { axis, group, values } = magnitude!;
  const rowBytes = (right.cols * DTYPES[tensor.dtype].bits) / 8;
  const step = Math.max(1, Math.floor(BLOCK_BYTES / rowBytes));
  const total = new Float64Array(values.length);
  for (let from = rows[0]; from < rows[1]; from += step) {
    const span = [from, Math.min(rows[1], from + step)] as const;
    const part = await work.pool.run(sumSquares, {
      bytes: (span[1] - span[0]) * rowBytes,
      signal: work.signal,
      input: async () => ({
        bytes: await tensor.bytes(span, work.signal),
        dtype: tensor.dtype,
        left: rowsOf(loaded.left, span[0] - rows[0], span[1] - rows[0]),
        right: copyOf(right),
        alpha,
        axis,
        group,
        roundProduct: work.safe,
      }),
    });
    const first = axis === "rows" ? from - rows[0] : 0;
    part.forEach((square, i) => (total[first + i] = total[first + i]! + square));
  }
  return total;
}

interface Wanted {
  readonly name: string;
  readonly tensor: LazyTensor;
  readonly rows: RowRange;
  readonly into: Uint8Array | undefined;
}

interface AddingParts {
  readonly parts: readonly RowsChange[];
  readonly ready: (part: RowsChange) => Promise<Ready>;
  readonly work: MergeWork;
}

async function addedRows(wanted: Wanted, { parts, ready, work }: AddingParts): Promise<Uint8Array> {
  const { name, tensor, rows, into } = wanted;
  if (parts.length === 0) return tensor.bytes(rows, work.signal, into);
  const updates = await Promise.all(parts.map(ready));
  const [count] = tensor.shape;
  const rowBytes = tensor.byteLength / count!;
  const bytes = (rows[1] - rows[0]) * rowBytes;
  const { memory, facts } = await work.pool.run(addRows, {
    bytes,
    signal: work.signal,
    input: async () => {
      const stored = await tensor.bytes(rows, work.signal, into);
      const whole = stored.byteOffset === 0 ? new Uint8Array(stored.buffer) : stored.slice();
      return {
        memory: whole,
        bytes,
        dtype: tensor.dtype,
        parts: updates.map((one, i) => ({
          ...posted(one, rows, rowBytes),
          roundProduct: work.safe || isEmbedding(parts[i]!),
        })),
      };
    },
  });
  facts.forEach((one, i) => {
    if (work.safe) demandFinite(one, parts[i]!, rows);
    work.notes.add({ tensor: name, change: parts[i]!, frobenius: updates[i]!.loaded.frobenius, facts: one });
  });
  return memory.subarray(0, bytes);
}

/** The part of an update that falls on the rows of a block. What is posted is moved, so that it is copied here. */
function posted(
  { loaded, factors }: Ready,
  rows: RowRange,
  rowBytes: number,
): Omit<PostedRows, "roundProduct"> {
  const from = Math.max(rows[0], loaded.rows[0]);
  const to = Math.min(rows[1], loaded.rows[1]);
  const [first, last] = [from - loaded.rows[0], to - loaded.rows[0]];
  return {
    at: (from - rows[0]) * rowBytes,
    left: rowsOf(loaded.left, first, last),
    right: loaded.right && copyOf(loaded.right),
    alpha: loaded.alpha,
    factors: factors && {
      ...factors,
      values: factors.axis === "rows" ? factors.values.slice(first, last) : factors.values.slice(),
    },
  };
}

/** PEFT rounds the update of an embedding first, also where it does not with other layers. */
function isEmbedding({ contributions }: RowsChange): boolean {
  return contributions.some(({ module }) => module.layer === "embedding");
}

function rowsOf(a: AnyMatrix, from: number, to: number): AnyMatrix {
  return { ...a, rows: to - from, data: a.data.slice(from * a.cols, to * a.cols) } as AnyMatrix;
}

function copyOf(a: AnyMatrix): AnyMatrix {
  return rowsOf(a, 0, a.rows);
}

function demandFinite({ errorSquares }: AddedFacts, { contributions }: RowsChange, rows: RowRange): void {
  if (Number.isFinite(errorSquares)) return;
  throw new LoraError("NUMERIC", `rows ${rows[0]} to ${rows[1]} hold NaN or infinity when merged`, {
    module: contributions[0]?.module.name,
    rows,
    advice: "merge with a smaller weight, or into a base of a wider type",
  });
}
