import { type Matrix, seededRandom, zeros } from "@lora/linalg";
import { LoraError } from "@lora/tensor";

/** Where the random numbers of an initialiser come from. Each says in which order it draws. */
export interface InitDraws {
  /** Standard normal entries. */
  normal(rows: number, cols: number): Matrix;
  /** Uniform in [0, 1). */
  uniform(rows: number, cols: number): Matrix;
  /** 0 … count − 1 in any order. */
  permutation(count: number): readonly number[];
}

/** Draws from a seed: the same on every engine. */
export function seededDraws(seed: number): InitDraws {
  const random = seededRandom(seed);
  const filled = (rows: number, cols: number, next: () => number): Matrix => {
    const result = zeros(rows, cols);
    for (let i = 0; i < result.data.length; i++) result.data[i] = next();
    return result;
  };
  return {
    normal: (rows, cols) => filled(rows, cols, random.normal),
    uniform: (rows, cols) => filled(rows, cols, random.uniform),
    permutation(count) {
      const order = Array.from({ length: count }, (_, index) => index);
      for (let last = count - 1; last > 0; last--) {
        const other = Math.floor(random.uniform() * (last + 1));
        [order[last], order[other]] = [order[other]!, order[last]!];
      }
      return order;
    },
  };
}

/**
 * Draws that were made elsewhere, in their order: replays a randomised method to the last digit.
 *
 * @throws LoraError USAGE, when drawn from, where none is left or the next is of another size
 */
export function recordedDraws(recorded: readonly (Matrix | readonly number[])[]): InitDraws {
  let used = 0;
  const next = (wanted: string): Matrix | readonly number[] => {
    const draw = recorded[used];
    const found = draw === undefined ? "nothing" : sizeText(draw);
    if (draw === undefined || found !== wanted) {
      throw new LoraError("USAGE", `draw ${used} must be ${wanted}, recorded is ${found}`, { draw: used });
    }
    used += 1;
    return draw;
  };
  const matrix = (rows: number, cols: number): Matrix => next(`${rows} × ${cols}`) as Matrix;
  return {
    normal: matrix,
    uniform: matrix,
    permutation: (count) => next(`a permutation of ${count}`) as readonly number[],
  };
}

function sizeText(draw: Matrix | readonly number[]): string {
  return "rows" in draw ? `${draw.rows} × ${draw.cols}` : `a permutation of ${draw.length}`;
}
