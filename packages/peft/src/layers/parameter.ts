import type { Engine, Matrix } from "@lora/linalg";
import type { DType, LazyTensor, Shape } from "@lora/tensor";
import { decode, DTYPES, elementCount, LoraError, tensorOfBytes } from "@lora/tensor";

/**
 * A weight of the base model, kept as it is stored: a bf16 weight takes two bytes a value, and is decoded for the
 * moment in which it is used. It may begin as a tensor of a file that nobody has read yet.
 */
export class Parameter {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly #source: LazyTensor;
  #read: Uint8Array | undefined;
  #bytes: Uint8Array | undefined;

  constructor(source: LazyTensor) {
    this.dtype = source.dtype;
    this.shape = source.shape;
    this.#source = source;
  }

  /** A weight whose values are here already. */
  static async loaded(source: LazyTensor): Promise<Parameter> {
    const parameter = new Parameter(source);
    await parameter.load();
    return parameter;
  }

  /** Whether the values are in memory. */
  get isLoaded(): boolean {
    return this.#bytes !== undefined;
  }

  /** Reads the stored bytes, once. */
  async load(signal?: AbortSignal): Promise<void> {
    if (this.#bytes !== undefined) return;
    this.#read = await this.#source.bytes(undefined, signal);
    this.#bytes ??= this.#read;
  }

  /**
   * The stored bytes themselves: not to be changed.
   *
   * @throws LoraError MISSING when they have not been read
   */
  get bytes(): Uint8Array {
    if (this.#bytes !== undefined) return this.#bytes;
    throw new LoraError("MISSING", "the values of this weight have not been read", {
      shape: this.shape,
      advice: "await `load()` before calculating with the layer",
    });
  }

  /** Puts other stored bytes in place of these. The old ones stay as they are, for whoever kept them. */
  replace(bytes: Uint8Array): void {
    this.#bytes = bytes;
  }

  /**
   * All values: doubles for `f64`, else singles, which hold the other float types exactly. Those of `f64` and `f32` are the
   * stored bytes themselves where they lie on an even address, and not to be changed; others are decoded now.
   */
  values(engine?: Engine, bytes: Uint8Array = this.bytes): Matrix["data"] {
    const { dtype } = this;
    const count = elementCount(this.shape);
    const { buffer, byteOffset } = bytes;
    if (dtype === "f64" && byteOffset % 8 === 0) return new Float64Array(buffer, byteOffset, count);
    if (dtype === "f32" && byteOffset % 4 === 0) return new Float32Array(buffer, byteOffset, count);
    if (engine !== undefined && (dtype === "bf16" || dtype === "f16")) {
      const out = new Float32Array(count);
      engine.widen({ bytes, from: dtype, out });
      return out;
    }
    return this.slice(0, count, bytes);
  }

  /** A copy of the values from `from` to `to` (exclusive), counted in storage order. */
  slice(from: number, to: number, bytes: Uint8Array = this.bytes): Matrix["data"] {
    const size = DTYPES[this.dtype].bits / 8;
    const out = this.dtype === "f64" ? new Float64Array(to - from) : new Float32Array(to - from);
    decode(bytes.subarray(from * size, to * size), this.dtype, out);
    return out;
  }

  /** The weight as a tensor of a file, as it is now: the tensor it came from while nothing has changed it. */
  toTensor(): LazyTensor {
    const bytes = this.#bytes;
    if (bytes === undefined || bytes === this.#read) return this.#source;
    return tensorOfBytes(bytes, this.dtype, this.shape);
  }
}
