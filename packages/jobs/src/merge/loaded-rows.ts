import {
  type AnyMatrix,
  type Engine,
  stackColumns,
  stackRows,
  transpose,
  wideMatrix,
  scaled,
} from "@lora/linalg";
import { DenseDelta, loadDelta, plainDelta, readBaseWeight } from "@lora/peft";
import { elementCount, type LazyTensor, locate, LoraError, readValues, type RowRange } from "@lora/tensor";
import type { Contribution, RowsChange } from "./change.ts";

/** An update of some rows of a base tensor: alpha · left · right, in the order in which the base is stored. */
export interface LoadedRows {
  readonly rows: RowRange;
  /** As many rows as those of the base. */
  readonly left: AnyMatrix;
  /** Undefined where `left` is the update itself. */
  readonly right: AnyMatrix | undefined;
  readonly alpha: number;
  readonly magnitude: LoadedMagnitude | undefined;
  /** ‖alpha · left · right‖ of each contribution. */
  readonly frobenius: readonly number[];
}

/** DoRA's magnitudes, and which values of the stored weight each of them belongs to. */
export interface LoadedMagnitude {
  readonly values: Float64Array;
  /** Each row has one, or each `group` of columns. */
  readonly axis: "rows" | "cols";
  readonly group: number;
  readonly weight: number;
}

/** How the factors are read. */
export interface LoadRowsOptions {
  readonly engine: Engine;
  readonly signal: AbortSignal | undefined;
  /** −1 to take updates out again. */
  readonly sign: 1 | -1;
}

/** What a change is of. */
export interface ChangedTensor extends LoadRowsOptions {
  readonly tensor: LazyTensor;
}

/**
 * Reads the factors of a change. Several updates are stacked to one product.
 *
 * @throws LoraError as `loadDelta` does; NUMERIC when a magnitude or a bias is not finite
 */
export async function loadRows(change: RowsChange, options: ChangedTensor): Promise<LoadedRows> {
  const loaded = await Promise.all(
    change.contributions.map((contribution) =>
      locate({ file: contribution.file, module: contribution.module.name }, () =>
        loadContribution(contribution, change, options),
      ),
    ),
  );
  const frobenius = loaded.map((one) => one.frobenius);
  const magnitude = await loadMagnitude(change, options);
  const [only] = loaded;
  if (loaded.length === 1) return { ...only!, rows: change.rows, magnitude, frobenius };
  return {
    rows: change.rows,
    left: stackColumns(loaded.map(({ left, alpha }) => scaled(wideMatrix(left), alpha))),
    // Of several, none is whole: what is made from the weight stands alone.
    right: stackRows(loaded.flatMap(({ right }) => (right === undefined ? [] : [wideMatrix(right)]))),
    alpha: 1,
    magnitude,
    frobenius,
  };
}

interface LoadedContribution {
  readonly left: AnyMatrix;
  readonly right: AnyMatrix | undefined;
  readonly alpha: number;
  readonly frobenius: number;
}

async function loadContribution(
  { module, weight, bias, magnitude, isFromBase }: Contribution,
  { transposed, rows }: RowsChange,
  { engine, signal, sign, tensor }: ChangedTensor,
): Promise<LoadedContribution> {
  // A magnitude brings in its weight itself, since it acts on the base as well.
  const by = sign * (magnitude === undefined ? weight : 1);
  if (bias !== undefined) {
    const data = await finiteValues(bias, signal);
    const alpha = by * module.scale;
    const frobenius = Math.abs(alpha) * Math.hypot(...data);
    return { left: { rows: data.length, cols: 1, data }, right: ONE, alpha, frobenius };
  }
  const base = isFromBase
    ? await readBaseWeight({ name: module.name, tensor, rows, transposed }, module, { signal })
    : undefined;
  const delta = isFromBase
    ? await plainDelta(module, base, { engine, signal })
    : await loadDelta(module, { engine, signal });
  if (isFromBase && delta instanceof DenseDelta) {
    const whole = delta.matrix();
    const left = transposed ? transpose(whole) : whole;
    return { left, right: undefined, alpha: by, frobenius: Math.abs(by) * delta.frobeniusNorm() };
  }
  const { up, down, scale } = delta.storedFactors();
  const frobenius = Math.abs(by) * delta.frobeniusNorm();
  const alpha = by * scale;
  if (!transposed) return { left: up, right: down, alpha, frobenius };
  return { left: transpose(wideMatrix(down)), right: transpose(wideMatrix(up)), alpha, frobenius };
}

const ONE: AnyMatrix = { rows: 1, cols: 1, data: Float32Array.of(1) };

async function loadMagnitude(
  { contributions, transposed }: RowsChange,
  { signal }: LoadRowsOptions,
): Promise<LoadedMagnitude | undefined> {
  const [only] = contributions;
  if (only?.magnitude === undefined) return undefined;
  const { magnitude, module, weight } = only;
  const values = Float64Array.from(await finiteValues(magnitude, signal));
  const isRows = (magnitude.axis === "out") !== transposed;
  const group = isRows ? 1 : elementCount(module.shape.slice(2));
  return { values, axis: isRows ? "rows" : "cols", group, weight };
}

async function finiteValues(
  { name, tensor }: NonNullable<Contribution["bias"]>,
  signal: AbortSignal | undefined,
): Promise<Float32Array> {
  const data = await readValues(tensor, { as: "f32", signal });
  const at = data.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return data;
  throw new LoraError("NUMERIC", `value ${at} beside the factors is ${data[at]}`, {
    tensor: name,
    index: at,
  });
}
