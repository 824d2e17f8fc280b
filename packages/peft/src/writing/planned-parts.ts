import type { DType, LazyTensor, Shape, TensorSpec } from "@lora/tensor";
import type { AdapterModule } from "../adapter.ts";
import type { Dialect, WrittenModule } from "../dialects/_dialect.ts";
import type { Part } from "../parts.ts";

/** A tensor of the new file: carried over, or made anew. */
export type PlannedTensor =
  | { readonly from: "file"; readonly tensor: LazyTensor }
  | { readonly from: "alpha"; readonly spec: TensorSpec; readonly value: number }
  | {
      readonly from: "factors";
      readonly spec: TensorSpec;
      readonly part: "up" | "down";
      /** Stored as the transpose of what it is. */
      readonly transposed: boolean;
      readonly written: WrittenModule;
    };

/** What stands in the place of a tensor of the old file: nothing, one tensor, or several. */
export type Replacement = readonly (readonly [name: string, tensor: PlannedTensor])[];

/** Parts that make a pair on their own. */
const PAIRS: readonly (readonly Part[])[] = [
  ["up", "down"],
  ["up-transposed", "down-transposed"],
];

/** Whether a module is stored as up and down, with or without a Tucker core. */
export function isPair({ parts, enabled }: AdapterModule): boolean {
  return (
    enabled === undefined &&
    !parts.has("singular") &&
    PAIRS.some((pair) => pair.every((part) => parts.has(part)))
  );
}

interface OldPart {
  readonly name: string;
  readonly part: Part;
  readonly tensor: LazyTensor;
}

/**
 * New tensors of a module, by the name of the one in whose place they stand. `up` and `down` keep their names, and a
 * Tucker core is left out, being folded into `down`; a module of any other kind becomes a plain pair in the
 * place of its first factor, in the names that the dialect writes.
 */
export function plannedParts(
  written: WrittenModule,
  dtype: DType,
  dialect: Dialect,
): [string, Replacement][] {
  const { module } = written;
  const keepsNames = isPair(module);
  const olds = [...module.parts].map(([part, named]) => ({ part, ...named }));
  const first = olds.find(({ part }) => part !== "alpha")!.name;
  return olds.map((old) => {
    if (old.part === "alpha") return [old.name, [[old.name, plannedAlpha(written, old)]]];
    if (keepsNames) return [old.name, plannedFactor(written, dtype, old)];
    return [old.name, old.name === first ? newPair(written, dtype, dialect) : []];
  });
}

function plannedAlpha({ module, alpha }: WrittenModule, { tensor }: OldPart): PlannedTensor {
  if (alpha === undefined || module.scaleSource !== "tensor") return { from: "file", tensor };
  return { from: "alpha", spec: { dtype: tensor.dtype, shape: tensor.shape }, value: alpha };
}

function plannedFactor(written: WrittenModule, dtype: DType, { name, part, tensor }: OldPart): Replacement {
  const { module, rank } = written;
  if (part === "up-transposed") {
    const spec = { dtype, shape: [rank, tensor.shape[1]!] };
    return [[name, { from: "factors", spec, part: "up", transposed: true, written }]];
  }
  if (part === "down-transposed") {
    const spec = { dtype, shape: [tensor.shape[0]!, rank] };
    return [[name, { from: "factors", spec, part: "down", transposed: true, written }]];
  }
  if (part !== "up" && part !== "down") return [];
  const shape = part === "up" ? upShape(tensor.shape, rank) : [rank, ...downShape(module, tensor.shape)];
  return [[name, { from: "factors", spec: { dtype, shape }, part, transposed: false, written }]];
}

function newPair(written: WrittenModule, dtype: DType, dialect: Dialect): Replacement {
  const { module, rank } = written;
  const [out = 0, width = 0, ...kernel] = module.shape;
  const shapes = { down: [rank, width, ...kernel], up: [out, rank, ...kernel.map(() => 1)] };
  return (["down", "up"] as const).map((part) => [
    dialect.print(module.name, part),
    { from: "factors", spec: { dtype, shape: shapes[part] }, part, transposed: false, written },
  ]);
}

function upShape([out, , ...ones]: Shape, rank: number): Shape {
  return [out!, rank, ...ones];
}

/** All but the first axis; with a Tucker core the kernel moves from the core to `down`. */
function downShape({ parts }: AdapterModule, [, width, ...kernel]: Shape): Shape {
  const core = parts.get("mid")?.tensor.shape;
  return [width!, ...(core === undefined ? kernel : core.slice(2))];
}
