import type { Code, Local } from "../assembler/instructions.ts";
import { doubleOf, get, op, sequence, set, singleOf } from "../assembler/instructions.ts";

/** Adds up vectors of two doubles, all lanes of all vectors; leaves the sum on the stack. Overwrites the first. */
export function sumLanes(sums: readonly Local[]): Code {
  const [first, ...rest] = sums;
  return sequence(
    ...rest.map((sum) => set(first, op("f64x2.add", get(first), get(sum)))),
    op("f64.add", doubleOf(get(first), 0), doubleOf(get(first), 1)),
  );
}

/** The sum of the four lanes of a vector of f32. */
export function totalOf(sum: Local): Code {
  const lanes = [0, 1, 2, 3].map((lane) => singleOf(get(sum), lane));
  return op("f32.add", op("f32.add", lanes[0], lanes[1]), op("f32.add", lanes[2], lanes[3]));
}
