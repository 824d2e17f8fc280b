import type { EngineOptions, Matrix } from "@lora/linalg";
import { LoraError, shapeText } from "@lora/tensor";
import { attend } from "./attention.ts";
import type { AttentionOutput } from "./attention.ts";
import { arrayLike } from "./dense-tensor.ts";
import type { DenseTensor } from "./dense-tensor.ts";
import type { ForwardOptions } from "./forward-rows.ts";
import type { LinearLayer } from "./linear.ts";
import type { BaseWeights } from "./lora-layer.ts";
import { ProjectionLayer } from "./projection.ts";

/** How an attention is cut, and how its input lies. */
export interface AttentionOptions extends EngineOptions {
  readonly heads: number;
  /** Inputs are batch × length × width; otherwise length × batch × width. False when left out, as in torch. */
  readonly batchFirst?: boolean | undefined;
}

/** What an attention looks at, besides its adapters' options. */
export interface AttendOptions extends ForwardOptions {
  /** The query itself when left out. */
  readonly key?: DenseTensor | undefined;
  /** The key when left out. */
  readonly value?: DenseTensor | undefined;
  /** length × source, added to the scores; −Infinity hides. */
  readonly mask?: Matrix | undefined;
  /** batch × source; true hides. */
  readonly hidden?: readonly (readonly boolean[])[] | undefined;
}

/**
 * torch's `MultiheadAttention` with the same width for queries, keys and values. One adapter has factors for `in_proj`
 * (3·width × width) and for `out_proj`; both act through their factors, so that nothing is merged for a forward pass.
 */
export class MultiheadAttentionLayer {
  readonly inProjection: LinearLayer;
  readonly outProjection: LinearLayer;
  readonly #options: AttentionOptions;

  /** @throws LoraError UNSUPPORTED when queries, keys and values have weights of their own; SHAPE for heads that do not divide */
  constructor(inProjection: BaseWeights, outProjection: BaseWeights, options: AttentionOptions) {
    const { engine } = options;
    const [rows = 0, width = 0] = inProjection.weight.shape;
    if (rows !== 3 * width) {
      throw new LoraError("UNSUPPORTED", `in_proj is ${rows} × ${width}; adapters take 3·width × width`, {
        advice: "queries, keys and values must be as wide as the model",
      });
    }
    if (width % options.heads !== 0) {
      throw new LoraError("SHAPE", `a width of ${width} does not divide into ${options.heads} heads`, {
        width,
      });
    }
    this.inProjection = new ProjectionLayer(inProjection, { engine });
    this.outProjection = new ProjectionLayer(outProjection, { engine });
    this.#options = options;
  }

  /** Its layers, under the names that PEFT gives them below the module. */
  get parts(): readonly (readonly [name: string, layer: LinearLayer])[] {
    return [
      ["", this.inProjection],
      ["base_layer.out_proj", this.outProjection],
    ];
  }

  /**
   * The output, and where it looked (the mean over the heads).
   *
   * @throws LoraError SHAPE when keys and values differ in length, or widths from the model's
   */
  forward(query: DenseTensor, options: AttendOptions = {}): AttentionOutput {
    const { engine, heads, batchFirst = false } = this.#options;
    const key = options.key ?? query;
    const value = options.value ?? key;
    if (key.shape[0] !== value.shape[0] || key.shape[1] !== value.shape[1]) {
      throw new LoraError("SHAPE", `keys are ${shapeText(key.shape)}, values ${shapeText(value.shape)}`, {});
    }
    const turned = (x: DenseTensor): DenseTensor => (batchFirst ? x : swapped(x));
    const known = new Map<DenseTensor, DenseTensor>();
    const [q, k, v] = [query, key, value].map((x, third) => {
      const all = known.get(x) ?? this.inProjection.forward(turned(x), options);
      known.set(x, all);
      return thirdOf(all, third);
    });
    const { mask, hidden } = options;
    const seen = attend({ query: q!, key: k!, value: v!, heads, mask, hidden, engine });
    return { y: turned(this.outProjection.forward(seen.y, options)), weights: seen.weights };
  }
}

/** The queries, keys or values among what `in_proj` gives. */
function thirdOf({ shape, data }: DenseTensor, third: number): DenseTensor {
  const [width, all] = [shape.at(-1)! / 3, shape.at(-1)!];
  const out = arrayLike(data, data.length / 3);
  for (let row = 0; row * all < data.length; row++) {
    out.set(data.subarray(row * all + third * width, row * all + (third + 1) * width), row * width);
  }
  return { shape: [...shape.slice(0, -1), width], data: out };
}

/** The first two axes exchanged. */
function swapped({ shape, data }: DenseTensor): DenseTensor {
  const [first = 0, second = 0, width = 0] = shape;
  const out = arrayLike(data, data.length);
  for (let i = 0; i < first; i++) {
    for (let j = 0; j < second; j++) {
      const from = (i * second + j) * width;
      out.set(data.subarray(from, from + width), (j * first + i) * width);
    }
  }
  return { shape: [second, first, width], data: out };
}
