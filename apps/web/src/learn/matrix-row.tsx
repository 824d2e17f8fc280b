import { type Matrix, maxAbs } from "@lora/linalg";
import type { JSX } from "preact";
import type { LowRank } from "./low-rank.ts";
import { MatrixView } from "./matrix-view.tsx";

interface MatrixRowProps {
  readonly whole: Matrix;
  readonly rank: number;
  readonly parts: LowRank;
}

/** The matrix, its factors, their product and what that lacks, in one scale of colours. */
export function MatrixRow({ whole, rank, parts }: MatrixRowProps): JSX.Element {
  const most = maxAbs(whole);
  const { b, a, product, difference } = parts;
  return (
    <div class="matrices">
      <MatrixView name="ΔW" what="a ring above a bar" matrix={whole} most={most} />
      <span class="sign">≈</span>
      <MatrixView name="B" what="how much of each direction goes to every output" matrix={b} most={most} />
      <span class="sign">·</span>
      <MatrixView name="A" what="what each direction reads from every input" matrix={a} most={most} />
      <span class="sign">=</span>
      <MatrixView name="B·A" what={`the nearest matrix of rank ${rank}`} matrix={product} most={most} />
      <MatrixView name="ΔW − B·A" what="what is missing" matrix={difference} most={most} />
    </div>
  );
}
