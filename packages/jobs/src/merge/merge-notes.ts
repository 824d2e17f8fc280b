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
  readonly #facts: Map<string, ChangeFacts>;

  /** @param facts what is known already, and where the rest goes */
  constructor(facts: Map<string, ChangeFacts> = new Map()) {
    this.#facts = facts;
  }

  add({ tensor, change, frobenius, facts }: RowsNote): void {
    const before = this.of(tensor, change);
    const added = facts.addedSquares;
    this.#facts.set(keyOf(tensor, change), {
      frobenius,
      squares: (before?.squares ?? 0) + facts.squares,
      errorSquares: (before?.errorSquares ?? 0) + facts.errorSquares,
      addedSquares: added === undefined ? undefined : (before?.addedSquares ?? 0) + added,
    });
  }

  /** Undefined where no row of it was written, as in a run that goes on from another. */
  of(tensor: string, change: RowsChange): ChangeFacts | undefined {
    return this.#facts.get(keyOf(tensor, change));
  }
}

function keyOf(tensor: string, { rows }: RowsChange): string {
  return `${tensor}[${rows[0]}:${rows[1]}]`;
}
