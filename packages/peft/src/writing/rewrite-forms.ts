import type { DType, LazyTensor, Shape, TensorSpec } from "@lora/tensor";
import type { Adapter, AdapterModule } from "../adapter.ts";
import type { Scaling, WrittenModule } from "../dialects/_dialect.ts";
import { dialectOf } from "../dialect-of.ts";
import { type PlannedTensor, plannedParts } from "./planned-parts.ts";
import { writtenAsIs, writtenPair } from "./written-module.ts";

/** A tensor that a module of any rank has when it is written again. */
export interface TensorForm {
  readonly name: string;
  /** At rank 1. */
  readonly spec: TensorSpec;
  /** How many axes are as long as the rank; the others are as they are. */
  readonly rankAxes: number;
}

/** What may stand in the place of one tensor of the old file. */
export interface TensorPlace {
  /** Index of the module it is of; undefined for a tensor that is always carried over. */
  readonly module: number | undefined;
  readonly name: string;
  readonly tensor: LazyTensor;
  /** What is there once the module is written again. */
  readonly rewritten: readonly TensorForm[];
}

/** A rewritten file at any ranks, before they are chosen. */
export interface RewriteForms {
  /** In the order of the file. */
  readonly places: readonly TensorPlace[];
  /**
   * The metadata of the file with these ranks: 0 drops a module, undefined keeps it as it is.
   *
   * @throws LoraError UNSUPPORTED when readers of the dialect cannot read such a file
   */
  metadata(ranks: readonly (number | undefined)[]): ReadonlyMap<string, string>;
}

/**
 * What `rewriteAdapter` makes of an adapter, for whoever asks at many ranks: laid out once, after which ranks are
 * numbers to put in.
 *
 * @param dtype type of the new factors of a module
 */
export function rewriteForms(adapter: Adapter, dtype: (module: AdapterModule) => DType): RewriteForms {
  const dialect = dialectOf(adapter);
  const scaling = dialect.scaling(adapter.file);
  const owners = new Map<string, Pick<TensorPlace, "module" | "rewritten">>();
  adapter.modules.forEach((module, index) => {
    const parts = (rank: number): ReturnType<typeof plannedParts> =>
      plannedParts(writtenPair(module, rank, scaling), dtype(module), dialect);
    const second = new Map(parts(2).flatMap(([, tensors]) => tensors));
    for (const [name, tensors] of parts(1)) {
      const rewritten = tensors.map(([newName, one]) => form(newName, one, second.get(newName)!));
      owners.set(name, { module: index, rewritten });
    }
  });
  const carried = { module: undefined, rewritten: [] };
  const places = Array.from(adapter.file.tensors, ([name, tensor]) => ({
    name,
    tensor,
    ...(owners.get(name) ?? carried),
  }));
  const written = writtenModules(adapter.modules, scaling);
  return {
    places,
    metadata: (ranks) =>
      ranks.every((rank) => rank === undefined)
        ? adapter.file.metadata
        : dialect.texts(adapter.file, written(ranks)).metadata,
  };
}

function form(name: string, first: PlannedTensor, second: PlannedTensor): TensorForm {
  const [one, two] = [specOf(first), specOf(second)];
  return { name, spec: one, rankAxes: differingAxes(one.shape, two.shape) };
}

function specOf(planned: PlannedTensor): TensorSpec {
  return planned.from === "file" ? planned.tensor : planned.spec;
}

function differingAxes(a: Shape, b: Shape): number {
  return a.filter((size, axis) => size !== b[axis]).length;
}

/** Modules as they are written; each rank of one is worked out once. */
function writtenModules(
  modules: readonly AdapterModule[],
  scaling: Scaling,
): (ranks: readonly (number | undefined)[]) => WrittenModule[] {
  const asIs = modules.map(writtenAsIs);
  const pairs = modules.map((): (WrittenModule | undefined)[] => []);
  return (ranks) => {
    const written: WrittenModule[] = [];
    modules.forEach((module, index) => {
      const rank = ranks[index];
      if (rank === undefined) written.push(asIs[index]!);
      else if (rank > 0) written.push((pairs[index]![rank] ??= writtenPair(module, rank, scaling)));
    });
    return written;
  };
}
