import {
  byteCount,
  type DType,
  type LazyTensor,
  tensorFile,
  type TensorFile,
  tensorOfBytes,
  tensorOfValues,
} from "@lora/tensor";
import { dialectById } from "../reading/detect-dialect.ts";
import type { Part } from "../parts.ts";
import type { EncodedFactors } from "../writing/module-change.ts";
import { transposedBytes } from "../writing/transposed-bytes.ts";
import { plainMetadata } from "../writers/_plain-metadata.ts";
import type { ConversionPlan, PlannedModule } from "./plan-conversion.ts";

/** The values of a module of the new file. */
export interface ConvertedFactors extends EncodedFactors {
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
  { up, down, rank, dtype, scale }: ConvertedFactors,
): [string, LazyTensor][] {
  const dialect = dialectById(writer.id);
  const [out = 0, ...inner] = shape;
  const named = (part: Part, tensor: LazyTensor): [string, LazyTensor] => [
    dialect.print(module, part, spelling),
    tensor,
  ];
  if (writer.scales === "one-scale") {
    const width = byteCount({ dtype: "u8", shape: inner });
    const turned = (bytes: Uint8Array, rows: number, cols: number): LazyTensor =>
      tensorOfBytes(transposedBytes(bytes, rows, cols), dtype, [cols, rows]);
    return [
      named("down-transposed", turned(down, rank, width)),
      named("up-transposed", turned(up, out, rank)),
    ];
  }
  const kernel = inner.slice(1).map(() => 1);
  const pair = [
    named("down", tensorOfBytes(down, dtype, [rank, ...inner])),
    named("up", tensorOfBytes(up, dtype, [out, rank, ...kernel])),
  ];
  if (writer.scales !== "tensor") return pair;
  return [...pair, named("alpha", tensorOfValues([scale * rank], "f32", []))];
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
