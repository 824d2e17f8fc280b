import { entrySize } from "@lora/io";
import type { TensorPlace } from "@lora/peft";

/** What a tensor takes of a file at rank 1, and how that grows. */
export interface SizedTensor {
  readonly textBytes: number;
  readonly dataBytes: number;
  readonly rankAxes: number;
}

/** A place in the file; sizes are known once they are asked for, since a type may have no name to be stored under. */
export class SizedPlace {
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
