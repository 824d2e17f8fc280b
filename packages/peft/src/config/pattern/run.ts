import { LoraError } from "@lora/tensor";

/** No real name of a module comes near; the depth of the search grows with it. */
const MAX_NAME = 1024;
/** Real patterns take thousands of steps for a name; a hostile one is stopped here, within about a second. */
const MAX_STEPS = 10_000_000;

/**
 * One name being matched. A state is a position in it, with where the group `idx` lay: position + size · capture,
 * so that states are plain numbers that sets can hold.
 */
export class Run {
  /** Code points, as Python counts characters. */
  readonly codes: readonly number[];
  /** Positions there are: one more than characters. */
  readonly size: number;
  readonly #pattern: string;
  readonly #memories = new Map<object, Map<number, readonly number[]>>();
  #steps = 0;

  /** @throws LoraError UNSUPPORTED when the name is too long to try */
  constructor(pattern: string, name: string) {
    this.codes = Array.from(name, (character) => character.codePointAt(0)!);
    this.size = this.codes.length + 1;
    this.#pattern = pattern;
    if (this.codes.length > MAX_NAME) {
      throw new LoraError(
        "UNSUPPORTED",
        `a name has ${this.codes.length} characters; patterns are tried on at most ${MAX_NAME}`,
        { pattern, name: name.slice(0, 80) },
      );
    }
  }

  position(state: number): number {
    return state % this.size;
  }

  /** The character after a state; undefined at the end. */
  code(state: number): number | undefined {
    return this.codes[state % this.size];
  }

  /** The state with everything since `from` as its capture. */
  captured(from: number, to: number): number {
    const end = to % this.size;
    return end + this.size * (1 + (from % this.size) + this.size * end);
  }

  /** What the group `idx` held, where it took part. */
  capture(state: number): string | undefined {
    const capture = Math.floor(state / this.size);
    if (capture === 0) return undefined;
    const start = (capture - 1) % this.size;
    const end = Math.floor((capture - 1) / this.size);
    return String.fromCodePoint(...this.codes.slice(start, end));
  }

  /** `work`, once for each state: this is what keeps the search polynomial. */
  once(owner: object, state: number, work: () => readonly number[]): readonly number[] {
    const known = this.#memories.get(owner) ?? new Map<number, readonly number[]>();
    this.#memories.set(owner, known);
    const before = known.get(state);
    if (before !== undefined) return before;
    const result = work();
    known.set(state, result);
    this.spend(result.length);
    return result;
  }

  /** @throws LoraError UNSUPPORTED when the pattern takes too long */
  spend(steps = 1): void {
    this.#steps += steps;
    if (this.#steps <= MAX_STEPS) return;
    throw new LoraError(
      "UNSUPPORTED",
      `the pattern "${this.#pattern}" takes more than ${MAX_STEPS} steps on one name`,
      { pattern: this.#pattern, advice: "write the names of the modules out" },
    );
  }
}
