import type { ConvertedFactors, EncodedFactors, PlannedModule } from "@lora/peft";
import { LookAhead } from "../resize/look-ahead.ts";
import type { WrittenConversion } from "./conversion.ts";
import type { ConvertedModule } from "./convert-module.ts";
import { paddedTo } from "./pad-rank.ts";

/** Factors that are held until they are written: no more bytes than this. */
const MOST_BYTES = 256 * 2 ** 20;

/** A module that was converted. */
export interface ConvertedOne extends ConvertedModule, Pick<ConvertedFactors, "dtype" | "magnitudes"> {
  readonly planned: PlannedModule;
}

/** What is known of a module that was converted; its factors where there was room for them. */
export interface KeptOne extends Omit<ConvertedOne, "up" | "down"> {
  readonly bytes: number;
  readonly held: EncodedFactors | undefined;
}

/** How factors are written. */
export interface MadeAgain {
  /** Converts a module once more. */
  again(planned: PlannedModule): Promise<EncodedFactors>;
  /** With zeros to the largest rank of all. */
  readonly isPadded: boolean;
  /** How many are made ahead of the writer. */
  readonly lanes: number;
}

/**
 * Factors from when they are made until they are written. Ranks are known only when all modules are converted, and a file begins with
 * them: what does not fit in memory until then is forgotten, and made again when it is pulled.
 */
export class MadeFactors {
  #left: number;

  constructor(mostBytes: number = MOST_BYTES) {
    this.#left = mostBytes;
  }

  /** What is known of a module, with its factors as long as there is room. */
  kept({ up, down, ...facts }: ConvertedOne): KeptOne {
    const bytes = up.length + down.length;
    const fits = bytes <= this.#left;
    if (fits) this.#left -= bytes;
    return { ...facts, bytes, held: fits ? { up, down } : undefined };
  }

  /** The modules in the order of the file, with factors to be pulled in that order. */
  written(converted: readonly KeptOne[], { again, isPadded, lanes }: MadeAgain): WrittenConversion[] {
    const ahead = new LookAhead<EncodedFactors>({ steps: lanes });
    const widest = Math.max(...converted.map((one) => one.rank));
    return converted.map(({ bytes, held, ...one }) => {
      const rank = isPadded ? widest : one.rank;
      const make = async (): Promise<EncodedFactors> =>
        paddedTo({ ...(held ?? (await again(one.planned))), rank: one.rank, dtype: one.dtype }, rank);
      const factors = ahead.add({ bytes: held === undefined ? bytes : 0, make });
      return { ...one, rank, ownRank: one.rank, factors };
    });
  }
}
