import type { Code, Local } from "../assembler/instructions.ts";
import { get, op, sequence, set } from "../assembler/instructions.ts";

/** Sets where rows begin: the first at an address, each next one so many bytes behind. */
export function placeRows(at: readonly Local[], first: Local, step: Local): Code {
  return sequence(
    ...at.map((each, i) => set(each, i === 0 ? get(first) : op("i32.add", get(at[i - 1]), get(step)))),
  );
}
