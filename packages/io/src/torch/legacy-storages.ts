import { LoraError } from "@lora/tensor";
import { Cursor } from "../parse/cursor.ts";
import type { PickleStorage, PickleValue } from "../pickle/values.ts";
import { kindOf } from "../pickle/values.ts";
import type { ByteSource } from "../sources/byte-source.ts";
import { sectionSource } from "../sources/section-source.ts";
import { parseStorageId } from "./persistent-storage.ts";

/** A storage of its own, of which others may be parts. */
interface Root {
  readonly key: string;
  readonly bytes: number;
  readonly itemBytes: number;
  /** Where its count of elements stands; unknown until all pickles are read. */
  at: number;
  counted: boolean;
}

const COUNT_BYTES = 8;

/** The storages of the legacy format: named in one pickle, and placed by the next. */
export class LegacyStorages {
  readonly #source: ByteSource;
  readonly #bigEndian: boolean;
  readonly #roots = new Map<string, Root>();

  constructor(source: ByteSource, bigEndian: boolean) {
    this.#source = source;
    this.#bigEndian = bigEndian;
  }

  /** The storage, or part of one, that a tensor names; its bytes can be read once all are placed. */
  find(id: PickleValue): PickleStorage {
    const { type, key, bytes, itemBytes, view } = parseStorageId(id);
    const root = this.#roots.get(key) ?? { key, bytes, itemBytes, at: 0, counted: false };
    this.#roots.set(key, root);
    const from = (view?.offset ?? 0) * itemBytes;
    const size = view === undefined ? bytes : view.count * itemBytes;
    if (from + size > root.bytes) {
      throw new LoraError(
        "FORMAT",
        `part of the storage ${key} ends at byte ${from + size} of ${root.bytes}`,
      );
    }
    const name = this.#source.name;
    const read: ByteSource["read"] = async (start, end, signal) => {
      await this.#checkCount(root, signal);
      const section = sectionSource(this.#source, root.at + COUNT_BYTES + from, size);
      return section.read(start, end, signal);
    };
    return { kind: "storage", type, bytes: { name, size, read }, bigEndian: this.#bigEndian };
  }

  /**
   * Lays the storages out one behind the other.
   *
   * @throws LoraError FORMAT when the keys are not those of all storages, or the file ends before the last
   */
  place(keys: readonly PickleValue[], start: number): void {
    let at = start;
    const placed = new Set<Root>();
    for (const key of keys) {
      const root = typeof key === "string" ? this.#roots.get(key) : undefined;
      if (root === undefined || placed.has(root)) {
        const name = typeof key === "string" ? key : kindOf(key);
        throw new LoraError(
          "FORMAT",
          `the file lists the storage ${name}, which no tensor has or which is listed twice`,
        );
      }
      placed.add(root);
      root.at = at;
      at += COUNT_BYTES + root.bytes;
    }
    if (placed.size < this.#roots.size) {
      throw new LoraError(
        "FORMAT",
        `the file lists ${placed.size} storages, and its tensors have ${this.#roots.size}`,
      );
    }
    if (at <= this.#source.size) return;
    throw new LoraError("FORMAT", `the storages end at byte ${at} of a file of ${this.#source.size}`, {
      advice: "the file was cut off: copy or download it again",
    });
  }

  /** The count in front of a storage must be the one in the pickle; asked once. */
  async #checkCount(root: Root, signal?: AbortSignal): Promise<void> {
    if (root.counted) return;
    const bytes = await this.#source.read(root.at, root.at + COUNT_BYTES, signal);
    const count = new Cursor(bytes, { what: "a storage", littleEndian: !this.#bigEndian }).u64();
    if (count * root.itemBytes !== root.bytes) {
      throw new LoraError(
        "FORMAT",
        `the storage ${root.key} has ${count} elements, and the pickle says ${root.bytes / root.itemBytes}`,
      );
    }
    root.counted = true;
  }
}
