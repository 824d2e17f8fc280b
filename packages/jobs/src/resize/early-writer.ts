import { type Adapter, type AdapterModule, type ModuleSpectrum, rewrittenScales } from "@lora/peft";
import { choosePairs } from "./choose-pairs.ts";
import { factorBytes } from "./factor-bytes.ts";
import { isUnchanged } from "./is-unchanged.ts";
import { type FactorDType, storedDType } from "./stored-dtype.ts";
import type { ResizeTask } from "./tasks.ts";
import type { WriteOrder } from "./write-kept.ts";

/** Factors that are written before the file is begun: no more bytes are held. */
const MOST_BYTES = 192 * 2 ** 20;

/** What is written of an adapter, and by which rule. */
export interface EarlyWriting {
  readonly adapter: Adapter;
  /** Its rule chooses each module by itself. */
  readonly task: ResizeTask;
  readonly dtype: FactorDType | undefined;
}

/**
 * Decides what is written of a module as soon as its spectrum is known, while its values are in memory: for rules that look at one
 * module at a time. What there is no room for is written later.
 */
export class EarlyWriter {
  readonly #writing: EarlyWriting;
  readonly #scale: (module: AdapterModule, rank: number) => number;
  #bytes = 0;

  constructor(writing: EarlyWriting) {
    this.#writing = writing;
    this.#scale = rewrittenScales(writing.adapter);
  }

  /** @returns `undefined` where nothing is to be written, or not now */
  order(module: AdapterModule, spectrum: ModuleSpectrum): WriteOrder | undefined {
    const { adapter, task } = this.#writing;
    const { kept: all, rescale } = choosePairs({ adapter, spectra: [spectrum], choice: task.choice });
    const kept = all[0] ?? [];
    const dtype = storedDType(module, this.#writing.dtype);
    if (kept.length === 0 || isUnchanged(module, { rank: kept.length, dtype, rescale })) return undefined;
    const bytes = this.#bytes + factorBytes(module, kept.length, dtype);
    if (bytes > MOST_BYTES) return undefined;
    this.#bytes = bytes;
    return { kept, dtype, rescale, storedScale: this.#scale(module, kept.length) };
  }
}
