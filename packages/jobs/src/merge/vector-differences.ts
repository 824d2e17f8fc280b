import {
  type Adapter,
  type AdapterModule,
  dialectOf,
  type ExtraTensor,
  pairWithBase,
  type PairedWeight,
} from "@lora/peft";
import { elementCount, type LazyTensor, sameShape, type TensorFile } from "@lora/tensor";

/** A difference of a bias, or of the weight of a norm, and where it goes. */
export interface VectorDifference {
  readonly extra: ExtraTensor;
  /** Of the layer: its scale is 1, as such differences are stored whole. */
  readonly module: AdapterModule;
  readonly pair: PairedWeight;
}

/** Of a weight: `w_norm`, and `diff` where it is a vector. Of a bias: `diff_b`, `b_norm`. */
const VECTOR = /^(.+)\.(diff_b|b_norm|w_norm|diff)$/u;

/** The differences of vectors that stand beside the modules of an adapter and have their tensor in the base. */
export function vectorDifferences(adapter: Adapter, base: TensorFile): VectorDifference[] {
  const found = adapter.extras.flatMap((extra) => {
    const [, name, ending] = VECTOR.exec(extra.name) ?? [];
    return name === undefined || ending === undefined
      ? []
      : [{ extra, ending, module: layerOf(adapter, name, extra, ending) }];
  });
  // One pairing for each ending: a layer may have differences of both its weight and its bias.
  return ["diff_b", "b_norm", "w_norm", "diff"].flatMap((wanted) => {
    const these = found.filter(({ ending }) => ending === wanted);
    if (these.length === 0) return [];
    const { pairs } = pairWithBase({ ...adapter, modules: these.map(({ module }) => module) }, base);
    return these.flatMap(({ extra, module }) => {
      const pair = placeOf(pairs.get(module.name), wanted, base);
      const fits = pair !== undefined && sameShape(sizeOf(pair), [elementCount(extra.tensor.shape)]);
      return fits ? [{ extra, module, pair }] : [];
    });
  });
}

/** A layer of which only the number of outputs is known. */
function layerOf(adapter: Adapter, name: string, { tensor }: ExtraTensor, ending: string): AdapterModule {
  const size = elementCount(tensor.shape);
  return {
    name,
    ...dialectOf(adapter).place(name),
    kind: "full",
    layer: "linear",
    shape: ending === "diff_b" ? [size, 0] : [size],
    rank: 1,
    alpha: undefined,
    scale: 1,
    scaleSource: "none",
    transposed: false,
    dtype: tensor.dtype,
    parts: new Map(),
  };
}

function placeOf(pair: PairedWeight | undefined, ending: string, base: TensorFile): PairedWeight | undefined {
  if (pair === undefined || ending === "w_norm" || ending === "diff") return pair;
  const name = pair.name.replace(/\.weight$/u, ".bias");
  const tensor: LazyTensor | undefined = name === pair.name ? undefined : base.tensors.get(name);
  return (
    tensor && { name, tensor, transposed: false, ...(pair.rows === undefined ? {} : { rows: pair.rows }) }
  );
}

function sizeOf({ tensor, rows = [0, tensor.shape[0]!] }: PairedWeight): readonly number[] {
  return [rows[1] - rows[0], ...tensor.shape.slice(1)];
}
