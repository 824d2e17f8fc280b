import type { ModuleSpectrum } from "./_rule.ts";

/** Pairs with σ > 0 from the best to the worst; equal scores in the order of the modules, then of the indices. */
export class Ranking {
  /** How many pairs there are. */
  readonly count: number;
  /** Of each pair, modules and indices ascending. */
  readonly #scores: Float64Array;
  readonly #modules: Uint32Array;
  readonly #indices: Uint32Array;
  /** Ascending. */
  readonly #sorted: Float64Array;

  constructor(scores: readonly Float64Array[], spectra: readonly ModuleSpectrum[]) {
    const most = spectra.reduce((sum, { s }) => sum + s.length, 0);
    this.#scores = new Float64Array(most);
    this.#modules = new Uint32Array(most);
    this.#indices = new Uint32Array(most);
    let count = 0;
    spectra.forEach(({ s }, module) => {
      for (let index = 0; index < s.length; index++) {
        if (!(s[index]! > 0)) continue;
        this.#scores[count] = scores[module]![index]!;
        this.#modules[count] = module;
        this.#indices[count++] = index;
      }
    });
    this.count = count;
    this.#sorted = this.#scores.slice(0, count).sort();
  }

  /** The score of the last of the best `count` pairs; Infinity where there are none. */
  lastScore(count: number): number {
    return count === 0 ? Infinity : this.#sorted[this.count - count]!;
  }

  /** Calls with the module and index of each of the best `count` pairs, modules and indices ascending. */
  best(count: number, found: (module: number, index: number) => void): void {
    if (count === 0) return;
    const last = this.lastScore(count);
    let equal = count - this.#above(last);
    for (let pair = 0; pair < this.count; pair++) {
      const score = this.#scores[pair]!;
      if (score < last || (score === last && equal-- <= 0)) continue;
      found(this.#modules[pair]!, this.#indices[pair]!);
    }
  }

  /** How many scores are greater. */
  #above(score: number): number {
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#sorted[middle]! > score) high = middle;
      else low = middle + 1;
    }
    return this.count - low;
  }
}
