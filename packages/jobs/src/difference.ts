import { type Engine, type Matrix, productSvd, scaled, stackColumns, stackRows } from "@lora/linalg";
import type { Delta } from "@lora/peft";

/** The singular values of ΔW_A − ΔW_B through stacked factors, O((m + n)·(rA + rB)²); one that is absent is zero. */
export function singularValuesOfDifference(
  a: Delta | undefined,
  b: Delta | undefined,
  engine: Engine,
): Float64Array {
  const factors = [a?.factors(), b && negated(b)].filter((each) => each !== undefined);
  if (factors.length === 0) return new Float64Array(0);
  const [up, down] = [
    stackColumns(factors.map((each) => each.up)),
    stackRows(factors.map((each) => each.down)),
  ];
  return productSvd(up, down, { engine }).s;
}

function negated(delta: Delta): { up: Matrix; down: Matrix } {
  const { up, down } = delta.factors();
  return { up: scaled(up, -1), down };
}
