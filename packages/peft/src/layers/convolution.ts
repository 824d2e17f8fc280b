import type { EngineOptions, Matrix } from "@lora/linalg";
import { LoraError, shapeText } from "@lora/tensor";
import type { Factors } from "../delta.ts";
import { axisPlaces, outputLength } from "./convolution-places.ts";
import type { AxisMove, PaddingMode } from "./convolution-places.ts";
import { convolutionRows } from "./convolution-rows.ts";
import { arrayLike } from "./dense-tensor.ts";
import type { DenseTensor } from "./dense-tensor.ts";
import type { AdapterTensors, FactorShapes } from "./layer-adapter.ts";
import { asRows } from "./layer-adapter.ts";
import { RowLayer } from "./row-layer.ts";
import type { BaseWeights } from "./lora-layer.ts";
import { rowTokens } from "./tokens.ts";
import type { Tokens } from "./tokens.ts";
import type { AdaptedKind } from "./variant.ts";

/** How a convolution moves; one number stands for all axes. Defaults as in torch: stride 1, no padding, dilation 1. */
export interface ConvolutionOptions extends EngineOptions {
  readonly stride?: number | readonly number[] | undefined;
  /** Places on both ends of each axis, `same` (for a stride of 1) or `valid`. */
  readonly padding?: number | readonly number[] | "same" | "valid" | undefined;
  readonly dilation?: number | readonly number[] | undefined;
  readonly groups?: number | undefined;
  readonly paddingMode?: PaddingMode | undefined;
}

/**
 * A convolution over any number of axes: W is out × in/groups × kernel, A r × in × kernel, which moves as the base does, B
 * out × r/groups × 1… in the same groups. Inputs are batch × in × …, outputs batch × out × ….
 * Base and A are products with the same rows, samples·places × in·k.
 *
 * With groups every rank sees all channels, so that no weight of groups can hold the update: like PEFT, which says so
 * too, this does not merge it. DoRA's norms are those of what acts, W with zeros beyond its groups plus ΔW; PEFT 0.21 takes
 * B·A of wrongly folded factors there, so that its outputs are others.
 */
export class ConvolutionLayer extends RowLayer {
  readonly kind: AdaptedKind = "convolution";
  override readonly groups: number;
  readonly #kernel: readonly number[];
  readonly #moves: readonly AxisMove[];
  readonly #mode: PaddingMode;

  /** @throws LoraError SHAPE when an option has another number of axes than the kernel, or groups do not divide out */
  constructor(weights: BaseWeights, options: ConvolutionOptions = {}) {
    super(weights, options);
    this.#kernel = weights.weight.shape.slice(2);
    this.groups = options.groups ?? 1;
    this.#mode = options.paddingMode ?? "zeros";
    this.#moves = movesOf(this.#kernel, options);
    if (this.outputs % this.groups !== 0) {
      throw new LoraError("SHAPE", `${this.outputs} outputs do not divide into ${this.groups} groups`, {
        groups: this.groups,
      });
    }
  }

  get outputs(): number {
    return this.weight.shape[0] ?? 0;
  }

  /** in·k of all groups: what one place of the output is made from. */
  get inputs(): number {
    return this.#channels * this.#taps;
  }

  get #channels(): number {
    return (this.weight.shape[1] ?? 0) * this.groups;
  }

  get #taps(): number {
    return this.#kernel.reduce((product, length) => product * length, 1);
  }

  /** @throws LoraError SHAPE when the groups do not divide the rank */
  factorShapes(rank: number): FactorShapes {
    if (rank % this.groups !== 0) {
      throw new LoraError(
        "SHAPE",
        `a rank of ${rank} does not divide into the ${this.groups} groups of the convolution`,
        {
          rank,
          groups: this.groups,
          advice: "choose a rank that does, or leave this layer out",
        },
      );
    }
    const ones = this.#kernel.map(() => 1);
    return { down: [rank, this.#channels, ...this.#kernel], up: [this.outputs, rank / this.groups, ...ones] };
  }

  /** With groups B becomes block-diagonal: each group of outputs sees its share of the ranks. */
  override denseFactors(tensors: AdapterTensors): Factors {
    if (this.groups === 1) return super.denseFactors(tensors);
    const packed = asRows(tensors.up, this.outputs);
    const rank = packed.cols * this.groups;
    const data = arrayLike(packed.data, this.outputs * rank);
    for (let out = 0; out < this.outputs; out++) {
      const group = Math.floor((out * this.groups) / this.outputs);
      const row = packed.data.subarray(out * packed.cols, (out + 1) * packed.cols);
      data.set(row, out * rank + group * packed.cols);
    }
    return { up: { rows: this.outputs, cols: rank, data }, down: asRows(tensors.down, rank) };
  }

  protected tokens({ shape, data }: DenseTensor): Tokens {
    const lengths = shape.slice(2);
    if (lengths.length !== this.#kernel.length || shape[1] !== this.#channels) {
      throw new LoraError(
        "SHAPE",
        `the input is ${shapeText(shape)}; the layer takes batch × ${this.#channels} × …`,
        {
          weight: shapeText(this.weight.shape),
        },
      );
    }
    const places = lengths.map((length, axis) => axisPlaces(length, this.#moves[axis]!, this.#mode));
    const input = {
      data,
      samples: shape[0]!,
      channels: this.#channels,
      lengths,
      places,
      kernel: this.#kernel,
    };
    return rowTokens(convolutionRows(input), this.engine);
  }

  /** Rows of outputs become planes. */
  protected output({ shape }: DenseTensor, y: Matrix): DenseTensor {
    const lengths = shape.slice(2).map((length, axis) => outputLength(length, this.#moves[axis]!));
    const places = lengths.reduce((product, length) => product * length, 1);
    const data = arrayLike(y.data, y.data.length);
    for (let row = 0; row < y.rows; row++) {
      const from = Math.floor(row / places) * places * y.cols + (row % places);
      for (let out = 0; out < y.cols; out++) data[from + out * places] = y.data[row * y.cols + out]!;
    }
    return { shape: [shape[0]!, this.outputs, ...lengths], data };
  }

  /** With groups W acts as block-diagonal over the channels. */
  protected override stored(bytes: Uint8Array): Matrix {
    return this.groups === 1 ? super.stored(bytes) : this.#ungrouped(bytes);
  }

  protected override get updateShape(): readonly number[] {
    return [this.outputs, this.#channels, ...this.#kernel];
  }

  protected override get unmergeable(): string | undefined {
    if (this.groups === 1) return undefined;
    return `its update mixes all channels, which a weight of ${this.groups} groups cannot hold`;
  }

  #ungrouped(bytes: Uint8Array): Matrix {
    const packed = asRows({ data: this.weight.values(this.engine, bytes) }, this.outputs);
    const data = arrayLike(packed.data, this.outputs * this.inputs);
    for (let out = 0; out < this.outputs; out++) {
      const group = Math.floor((out * this.groups) / this.outputs);
      const row = packed.data.subarray(out * packed.cols, (out + 1) * packed.cols);
      data.set(row, out * this.inputs + group * packed.cols);
    }
    return { rows: this.outputs, cols: this.inputs, data };
  }
}

function movesOf(kernel: readonly number[], options: ConvolutionOptions): AxisMove[] {
  const axes = kernel.length;
  const stride = perAxis("stride", options.stride ?? 1, axes);
  const dilation = perAxis("dilation", options.dilation ?? 1, axes);
  const { padding = 0 } = options;
  if (padding === "same" && stride.some((step) => step !== 1)) {
    throw new LoraError("USAGE", "padding `same` takes a stride of 1", { stride });
  }
  const plain = typeof padding === "string" ? undefined : perAxis("padding", padding, axes);
  return kernel.map((length, axis) => {
    const total = padding === "same" ? dilation[axis]! * (length - 1) : 0;
    const before = plain?.[axis] ?? Math.floor(total / 2);
    const after = plain?.[axis] ?? total - before;
    return { kernel: length, stride: stride[axis]!, dilation: dilation[axis]!, padding: [before, after] };
  });
}

function perAxis(name: string, value: number | readonly number[], axes: number): readonly number[] {
  if (typeof value === "number") return Array.from({ length: axes }, () => value);
  if (value.length === axes) return value;
  throw new LoraError("SHAPE", `${name} has ${value.length} values for a kernel of ${axes} axes`, {
    [name]: value,
  });
}
