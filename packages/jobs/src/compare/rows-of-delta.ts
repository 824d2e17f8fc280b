import type { Engine } from "@lora/linalg";
import { type Delta, DenseDelta, LowRankDelta } from "@lora/peft";
import { joinedFactors } from "../convert/joined-factors.ts";
import { joinedWhole } from "../convert/whole-update.ts";

/** Rows of an update as an update, without the pairs that change others only. Exact: values are copied. */
export function rowsOfDelta(delta: Delta, rows: Int32Array, engine: Engine): Delta {
  const slots = [{ delta, rows, at: 0 }];
  const whole = joinedWhole(slots, rows.length, engine);
  if (whole !== undefined) return new DenseDelta(whole, { engine });
  const { up, down, scale } = joinedFactors(slots, rows.length);
  return new LowRankDelta(up, down, { scale, engine });
}
