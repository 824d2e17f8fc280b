import { LoraError } from "@lora/tensor";

/** What a cursor reads, and how much of it there is. */
export interface CursorOptions {
  /** Names the bytes in messages, e.g. `the pickle`. */
  readonly what: string;
  /** Bytes that the source has from the start of `bytes` on; left out: those given. No length may exceed it. */
  readonly available?: number | undefined;
  /** Left out: true. */
  readonly littleEndian?: boolean | undefined;
}

/** Reads values one behind the other and never past the end; nothing is copied. */
export class Cursor {
  position = 0;
  littleEndian: boolean;
  /** Whether a read failed only because the source holds more than was given. */
  ranOut = false;
  readonly available: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #what: string;

  constructor(bytes: Uint8Array, options: CursorOptions) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#what = options.what;
    this.available = options.available ?? bytes.length;
    this.littleEndian = options.littleEndian ?? true;
  }

  /** The next bytes, as a view. */
  take(count: number): Uint8Array {
    const from = this.#advance(count);
    return this.#bytes.subarray(from, from + count);
  }

  u8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#advance(2), this.littleEndian);
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4), this.littleEndian);
  }

  i8(): number {
    return this.#view.getInt8(this.#advance(1));
  }

  i16(): number {
    return this.#view.getInt16(this.#advance(2), this.littleEndian);
  }

  i32(): number {
    return this.#view.getInt32(this.#advance(4), this.littleEndian);
  }

  f64(littleEndian: boolean = this.littleEndian): number {
    return this.#view.getFloat64(this.#advance(8), littleEndian);
  }

  f32(): number {
    return this.#view.getFloat32(this.#advance(4), this.littleEndian);
  }

  /** A value of 64 bits, all of them. */
  big(signed: boolean): bigint {
    const at = this.#advance(8);
    return signed
      ? this.#view.getBigInt64(at, this.littleEndian)
      : this.#view.getBigUint64(at, this.littleEndian);
  }

  /** A length, an offset or a count: beyond 2⁵³ − 1 there is nothing to count. */
  u64(): number {
    const value = this.big(false);
    if (value <= Number.MAX_SAFE_INTEGER) return Number(value);
    throw new LoraError("FORMAT", `${this.#what} claims ${value} of something`, { at: this.position - 8 });
  }

  /** The text up to the next line feed, which is passed over. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.position);
    if (end === -1) throw this.#ended(this.#bytes.length - this.position + 1);
    const text = decodeText(this.take(end - this.position), this.#what);
    this.position += 1;
    return text;
  }

  /** UTF-8 of so many bytes. */
  text(count: number): string {
    return decodeText(this.take(count), this.#what);
  }

  #advance(count: number): number {
    const from = this.position;
    if (count > this.#bytes.length - from) throw this.#ended(count);
    this.position += count;
    return from;
  }

  #ended(count: number): LoraError {
    this.ranOut = count <= this.available - this.position;
    return new LoraError(
      "FORMAT",
      `${this.#what} needs ${count} more bytes, and ${this.available - this.position} follow`,
      { at: this.position, advice: "the file was cut off or damaged: copy or download it again" },
    );
  }
}

function decodeText(bytes: Uint8Array, what: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new LoraError("FORMAT", `${what} holds a text that is not UTF-8`, { cause: error });
  }
}
