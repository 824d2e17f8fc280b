import type { Engine } from "../engine.ts";
import type { Matrix } from "../matrix.ts";
import { dotVectors } from "./dot-vectors.ts";
import { maxAbsolute } from "./max-absolute.ts";

/** Sums of squares inside this range have neither overflowed nor lost digits to underflow. */
const [SAFE_LEAST, SAFE_MOST] = [2 ** -900, 2 ** 1020];

/** ‖x‖₂ (of a matrix: ‖x‖_F) without overflow or underflow: where the plain sum fails, x is scaled first. */
export function norm(x: Matrix["data"], engine?: Pick<Engine, "dot">): number {
  const squares = engine === undefined ? dotVectors(x, x) : engine.dot(x, x);
  if (squares > SAFE_LEAST && squares < SAFE_MOST) return Math.sqrt(squares);
  const largest = maxAbsolute(x);
  if (largest === 0 || !Number.isFinite(largest)) return largest;
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    const share = x[i] / largest;
    sum += share * share;
  }
  return largest * Math.sqrt(sum);
}
