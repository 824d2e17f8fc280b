import { entrySize, FileTally } from "@lora/io";
import { type Adapter, type RewriteForms, rewriteForms, type TensorPlace } from "@lora/peft";
import { type FactorDType, storedDType } from "./stored-dtype.ts";

/** What a tensor takes of a file at rank 1, and how that grows. */
interface SizedTensor {
  readonly textBytes: number;
  readonly dataBytes: number;
  readonly rankAxes: number;
}

/** A place in the file; sizes are known once they are asked for, since a type may have no name to be stored under. */
class SizedPlace {
  readonly module: number | undefined;
  readonly #place: TensorPlace;
  #asIs: SizedTensor | undefined;
  #rewritten: readonly SizedTensor[] | undefined;

  constructor(place: TensorPlace) {
    this.module = place.module;
    this.#place = place;
  }

  /** What is carried over. */
  get asIs(): SizedTensor {
    const { name, tensor } = this.#place;
    return (this.#asIs ??= { ...entrySize(name, tensor), rankAxes: 0 });
  }

  /** What the module has here that is written again. */
  get rewritten(): readonly SizedTensor[] {
    return (this.#rewritten ??= this.#place.rewritten.map(({ name, spec, rankAxes }) => ({
      ...entrySize(name, spec),
      rankAxes,
    })));
  }
}

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
