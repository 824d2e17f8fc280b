import {
  type Adapter,
  type AdapterModule,
  type ModuleSpectrum,
  rewrittenScales,
  type Selection,
} from "@lora/peft";
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

/** What a rule makes of a module. */
export interface Decision {
  /** Ascending indices of the singular pairs that stay. */
  readonly kept: readonly number[];
  /** Left out where nothing is to be written, or not now. */
  readonly write: WriteOrder | undefined;
}

/**
 * Decides what is written of a module as soon as its spectrum is known, while its values are in memory: for rules that look at one
 * module at a time. What there is no room for is written later.
 */
export class EarlyWriter {
  readonly #writing: EarlyWriting;
  readonly #scale: (module: AdapterModule, rank: number) => number;
  #held = 0;
  /** By module: one may be asked about again, with more digits. */
  readonly #bytes = new Map<string, number>();

  constructor(writing: EarlyWriting) {
    this.#writing = writing;
    this.#scale = rewrittenScales(writing.adapter);
  }

  /** Which pairs stay. */
  kept(spectrum: ModuleSpectrum): readonly number[] {
    return this.#choose(spectrum).kept[0] ?? [];
  }

  decide(module: AdapterModule, spectrum: ModuleSpectrum): Decision {
    const {
      kept: [kept = []],
      rescale,
    } = this.#choose(spectrum);
    const dtype = storedDType(module, this.#writing.dtype);
    if (kept.length === 0 || isUnchanged(module, { rank: kept.length, dtype, rescale }))
      return { kept, write: undefined };
    const bytes = factorBytes(module, kept.length, dtype);
    const held = this.#held - (this.#bytes.get(module.name) ?? 0) + bytes;
    if (held > MOST_BYTES) return { kept, write: undefined };
    this.#held = held;
    this.#bytes.set(module.name, bytes);
    return { kept, write: { kept, dtype, rescale, storedScale: this.#scale(module, kept.length) } };
  }

  #choose(spectrum: ModuleSpectrum): Selection {
    const { adapter, task } = this.#writing;
    return choosePairs({ adapter, spectra: [spectrum], choice: task.choice });
  }
}
