import { type Matrix, productSvd, stackColumns, stackRows } from "@lora/linalg";
import { type AdapterModule, type Delta, loadDelta } from "@lora/peft";
import { locate, LoraError, sameShape, shapeText } from "@lora/tensor";
import { norm } from "../arithmetic.ts";

/** Norms of two updates and of their difference. */
export interface UpdateComparison {
  readonly normA: number;
  readonly spectralA: number;
  /** ‖ΔW_A − ΔW_B‖_F */
  readonly differenceFrobenius: number;
  /** The largest singular value of the difference. */
  readonly differenceSpectral: number;
}

/** A module, and the name of the file it is in. */
export interface ModuleOf {
  readonly module: AdapterModule;
  readonly file: string;
}

/**
 * Compares two updates exactly: the difference is a product of stacked factors, and its singular values come
 * from them, O((m + n)·(rA + rB)²). A module that is absent counts as a zero update.
 *
 * @throws LoraError SHAPE when the two adapt weights of different shape
 */
export async function compareUpdates(
  a: ModuleOf | undefined,
  b: ModuleOf | undefined,
  signal: AbortSignal | undefined,
): Promise<UpdateComparison> {
  if (a !== undefined && b !== undefined) refuseOtherShape(a.module, b.module);
  const deltaA = a && (await load(a, signal));
  const deltaB = b && (await load(b, signal));
  const own = deltaA?.svd().s ?? new Float64Array(0);
  const difference = singularValuesOfDifference(deltaA, deltaB);
  return {
    normA: norm(own),
    spectralA: own[0] ?? 0,
    differenceFrobenius: norm(difference),
    differenceSpectral: difference[0] ?? 0,
  };
}

function load({ module, file }: ModuleOf, signal: AbortSignal | undefined): Promise<Delta> {
  return locate({ file }, () => loadDelta(module, signal));
}

function refuseOtherShape(a: AdapterModule, b: AdapterModule): void {
  const [flatA, flatB] = [flat(a), flat(b)];
  if (sameShape(flatA, flatB)) return;
  throw new LoraError(
    "SHAPE",
    `the updates of ${a.name} are ${shapeText(a.shape)} and ${shapeText(b.shape)}`,
    {
      module: a.name,
      other: b.name,
      advice: "compare adapters of the same base model",
    },
  );
}

/** A 1 × 1 convolution may be stored as a linear layer. */
function flat(module: AdapterModule): number[] {
  const [out = 0, ...rest] = module.shape;
  return [out, rest.reduce((product, size) => product * size, 1)];
}

function singularValuesOfDifference(a: Delta | undefined, b: Delta | undefined): Float64Array {
  const factors = [a?.factors(), b && negated(b)].filter((each) => each !== undefined);
  if (factors.length === 0) return new Float64Array(0);
  return productSvd(stackColumns(factors.map(({ up }) => up)), stackRows(factors.map(({ down }) => down))).s;
}

function negated(delta: Delta): { up: Matrix; down: Matrix } {
  const { up, down } = delta.factors();
  return { up: { ...up, data: up.data.map((value) => -value) }, down };
}
