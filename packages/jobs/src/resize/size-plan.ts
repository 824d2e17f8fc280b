import { FileTally } from "@lora/io";
import { type Adapter, type RewriteForms, rewriteForms } from "@lora/peft";
import { SizedPlace, type SizedTensor } from "./sized-place.ts";
import { type FactorDType, storedDType } from "./stored-dtype.ts";

/**
 * Exact sizes of the files that ranks of an adapter make: laid out once, after which a size costs some microseconds
 * for a hundred modules, so that a rule can ask for many of them.
 */
export class SizePlan {
  readonly #forms: RewriteForms;
  readonly #places: readonly SizedPlace[];
  readonly #tally = new FileTally();

  constructor(adapter: Adapter, dtype: FactorDType | undefined) {
    this.#forms = rewriteForms(adapter, (module) => storedDType(module, dtype));
    this.#places = this.#forms.places.map((place) => new SizedPlace(place));
  }

  /**
   * Bytes of the file with these ranks: 0 drops a module, undefined keeps it as it is.
   *
   * @param added to the metadata of the file; wins over it
   */
  bytes(ranks: readonly (number | undefined)[], added: ReadonlyMap<string, string>): number {
    this.#tally.begin(new Map([...this.#forms.metadata(ranks), ...added]));
    for (const place of this.#places) {
      const rank = place.module === undefined ? undefined : ranks[place.module];
      if (rank === undefined) this.#tally.add(place.asIs.textBytes, place.asIs.dataBytes);
      else if (rank > 0) this.#addRewritten(place.rewritten, rank);
    }
    return this.#tally.fileBytes();
  }

  /** Each axis that is as long as the rank spells it in the header. */
  #addRewritten(tensors: readonly SizedTensor[], rank: number): void {
    const moreDigits = String(rank).length - 1;
    for (const { textBytes, dataBytes, rankAxes } of tensors) {
      this.#tally.add(textBytes + rankAxes * moreDigits, dataBytes * rank ** rankAxes);
    }
  }
}
