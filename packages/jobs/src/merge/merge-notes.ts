import type { AddedFacts } from "./add-rows.ts";
import type { RowsChange } from "./change.ts";

/** Facts about rows that were written. */
export interface RowsNote {
  readonly tensor: string;
  readonly change: RowsChange;
  /** Of each contribution, without what magnitudes do to it. */
  readonly frobenius: readonly number[];
  readonly facts: AddedFacts;
}

/** What is known of a change whose rows have all been written. */
export interface ChangeFacts {
  readonly frobenius: readonly number[];
  readonly squares: number;
  readonly errorSquares: number;
  readonly addedSquares: number | undefined;
}

/** Gathers what is found out while a merged model is written. */
export class MergeNotes {
  readonly #facts = new Map<RowsChange, ChangeFacts>();

  add({ change, frobenius, facts }: RowsNote): void {
    const before = this.#facts.get(change);
    const added = facts.addedSquares;
    this.#facts.set(change, {
      frobenius,
      squares: (before?.squares ?? 0) + facts.squares,
      errorSquares: (before?.errorSquares ?? 0) + facts.errorSquares,
      addedSquares: added === undefined ? undefined : (before?.addedSquares ?? 0) + added,
    });
  }

  /** Undefined where no row of it was written, as in a run that goes on from another. */
  of(change: RowsChange): ChangeFacts | undefined {
    return this.#facts.get(change);
  }
}
