import {
  type DType,
  elementCount,
  type LazyTensor,
  type Shape,
  tensorFile,
  type TensorFile,
  tensorOfValues,
} from "@lora/tensor";
import { dialectById } from "../reading/detect-dialect.ts";
import type { Part } from "../parts.ts";
import { factorTensor } from "../writing/factor-tensor.ts";
import type { FactorSource } from "../writing/module-change.ts";
import { transposedBytes } from "../writing/transposed-bytes.ts";
import { plainMetadata } from "../writers/_plain-metadata.ts";
import type { ConversionPlan, PlannedModule } from "./plan-conversion.ts";

/** A module of the new file, and where its values come from. */
export interface ConvertedFactors {
  /** up (out × rank) and down (rank × in·k), when one of them is pulled; the caller remembers what is dear. */
  readonly factors: FactorSource;
  readonly rank: number;
  readonly dtype: DType;
  /** What a reader of the new file multiplies with. */
  readonly scale: number;
  /** Of DoRA, one for each output, or input; where the plan has some. */
  readonly magnitudes?: { readonly values: Float64Array; readonly dtype: DType } | undefined;
}

/**
 * The new file: tensors under the dialect's names, side files and metadata.
 *
 * @param factors of the plan's modules, in their order
 */
export function convertedFile(
  plan: ConversionPlan,
  factors: readonly ConvertedFactors[],
  source: TensorFile,
): TensorFile {
  const { writer, modules, ggufArchitecture } = plan;
  const tensors = modules.flatMap((module, index) => [
    ...namedTensors(plan, module, factors[index]!),
    ...magnitudeTensors(plan, module, factors[index]!),
  ]);
  const { place } = dialectById(writer.id);
  const scales = modules.map(({ module, transposed }, index) => ({
    name: module,
    path: place(module).path,
    rank: factors[index]!.rank,
    scale: factors[index]!.scale,
    // Embeddings are always so.
    transposed: transposed && modules[index]!.layer === "linear",
  }));
  const { metadata, sidecars } = writer.texts?.({
    modules: scales,
    source,
    metadata: source.metadata,
    magnitudes: modules.length > 0 && modules.every(({ magnitudes }) => magnitudes !== undefined),
    ggufArchitecture,
  }) ?? { metadata: plainMetadata(source.metadata), sidecars: new Map<string, string>() };
  return tensorFile({ name: source.name, tensors, metadata, sidecars });
}

function namedTensors(
  { writer }: ConversionPlan,
  { module, spelling, shape }: PlannedModule,
  { factors, rank, dtype, scale }: ConvertedFactors,
): [string, LazyTensor][] {
  const dialect = dialectById(writer.id);
  const [out = 0, ...inner] = shape;
  const named = (part: Part, size: Shape, bytes: () => Promise<Uint8Array>): [string, LazyTensor] => {
    const name = dialect.print(module, part, spelling);
    return [name, factorTensor(name, { dtype, shape: size }, bytes)];
  };
  if (writer.scales === "one-scale") {
    const width = elementCount(inner);
    return [
      named("down-transposed", [width, rank], async () =>
        transposedBytes((await factors()).down, rank, width),
      ),
      named("up-transposed", [rank, out], async () => transposedBytes((await factors()).up, out, rank)),
    ];
  }
  const kernel = inner.slice(1).map(() => 1);
  const pair = [
    named("down", [rank, ...inner], async () => (await factors()).down),
    named("up", [out, rank, ...kernel], async () => (await factors()).up),
  ];
  if (writer.scales !== "tensor") return pair;
  return [...pair, [dialect.print(module, "alpha", spelling), tensorOfValues([scale * rank], "f32", [])]];
}

function magnitudeTensors(
  { writer: { magnitudes: form } }: ConversionPlan,
  { module, shape, magnitudes }: PlannedModule,
  { magnitudes: made }: ConvertedFactors,
): [string, LazyTensor][] {
  if (form === undefined || magnitudes === undefined || made === undefined) return [];
  const { values, dtype } = made;
  const { axis } = magnitudes;
  const stored = form.shape({ axis, size: values.length, kernelAxes: shape.length - 2 });
  return [[`${module}.${form.suffix}`, tensorOfValues(values, dtype, stored)]];
}
