import { paddedLength } from "./build-header.ts";
import { LENGTH_BYTES } from "./header-text.ts";
import { METADATA_KEY } from "./header.ts";
import { withHashPlaceholders } from "./hashes.ts";

/** The braces around the header. */
const BRACES = 2;

interface KnownText {
  readonly value: string;
  readonly bytes: number;
}

/**
 * Exact sizes of safetensors files that are alike, as of one adapter at many ranks: what `safetensorsFileBytes` says,
 * without building a header. A few operations a tensor; texts of the metadata are measured once as long as they stay.
 */
export class FileTally {
  readonly #known = new Map<string, KnownText>();
  #textBytes = 0;
  #end = 0;
  #endDigits = 1;
  #nextPower = 10;

  /** Begins a file with this metadata. */
  begin(metadata: ReadonlyMap<string, string>): void {
    this.#textBytes = BRACES + this.#metadataBytes(withHashPlaceholders(metadata));
    this.#end = 0;
    this.#endDigits = 1;
    this.#nextPower = 10;
  }

  /** Adds a tensor behind those that are there, by what `entrySize` says of it. */
  add(textBytes: number, dataBytes: number): void {
    const startDigits = this.#endDigits;
    this.#end += dataBytes;
    while (this.#end >= this.#nextPower) {
      this.#nextPower *= 10;
      this.#endDigits += 1;
    }
    const comma = this.#textBytes === BRACES ? 0 : 1;
    this.#textBytes += comma + textBytes + startDigits + this.#endDigits;
  }

  /**
   * Bytes of the whole file.
   *
   * @throws LoraError USAGE when the header gets too long
   */
  fileBytes(): number {
    return LENGTH_BYTES + paddedLength(this.#textBytes) + this.#end;
  }

  #metadataBytes(metadata: ReadonlyMap<string, string>): number {
    if (metadata.size === 0) return 0;
    let bytes = JSON.stringify(METADATA_KEY).length + ":".length + BRACES + (metadata.size - 1);
    for (const [key, value] of metadata) bytes += this.#pairBytes(key, value);
    return bytes;
  }

  #pairBytes(key: string, value: string): number {
    const known = this.#known.get(key);
    if (known?.value === value) return known.bytes;
    const { length } = new TextEncoder().encode(`${JSON.stringify(key)}:${JSON.stringify(value)}`);
    this.#known.set(key, { value, bytes: length });
    return length;
  }
}
