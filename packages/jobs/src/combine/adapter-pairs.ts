import type { AdapterPair } from "./combine-report.ts";
import type { CombinePlan } from "./combined-file.ts";
import { updatesOf } from "./updates-of.ts";

type Measured = Pick<CombinePlan, "output" | "weighted" | "measured">;

/** How each two of the adapters stand to each other, over all weights that both change. */
export function adapterPairs(plan: Measured): AdapterPair[] {
  const count = plan.weighted.length;
  const found = sharedModules(plan);
  return Array.from({ length: count }, (_, a) =>
    Array.from({ length: count - a - 1 }, (__, offset) => pairOf(found, { a, b: a + 1 + offset })),
  ).flat();
}

/** What of each adapter is left along itself in the weighted sum, over wᵢ·‖ΔWᵢ‖; null where it is zero. */
export function responses({ output, weighted, measured }: Measured): (number | null)[] {
  const [kept, own] = [new Float64Array(weighted.length), new Float64Array(weighted.length)];
  for (const [name, target] of output.targets) {
    const { owners, weights } = updatesOf(target, weighted);
    const { gram } = measured.get(name)!;
    owners.forEach((owner, i) => {
      const row = gram.data.subarray(i * gram.rows, (i + 1) * gram.rows);
      kept[owner]! += weights.reduce((sum, weight, j) => sum + weight * row[j]!, 0);
      own[owner]! += weights[i]! * row[i]!;
    });
  }
  return Array.from(own, (value, index) => (value === 0 ? null : kept[index]! / value));
}

/** What one weight says of a pair of adapters. */
interface SharedModule {
  readonly a: number;
  readonly b: number;
  readonly inner: number;
  readonly squareA: number;
  readonly squareB: number;
  readonly outputOverlap: number | null;
  readonly inputOverlap: number | null;
}

function sharedModules({ output, weighted, measured }: Measured): SharedModule[] {
  return [...output.targets].flatMap(([name, target]) => {
    const { owners } = updatesOf(target, weighted);
    const { gram, pairs } = measured.get(name)!;
    const at = (i: number, j: number): number => gram.data[i * gram.rows + j]!;
    return pairs.map(({ i, j, outputOverlap, inputOverlap }) => ({
      a: owners[i]!,
      b: owners[j]!,
      inner: at(i, j),
      squareA: at(i, i),
      squareB: at(j, j),
      outputOverlap,
      inputOverlap,
    }));
  });
}

function pairOf(
  found: readonly SharedModule[],
  { a, b }: { readonly a: number; readonly b: number },
): AdapterPair {
  const shared = found.filter((one) => one.a === a && one.b === b);
  const sum = (value: (one: SharedModule) => number): number =>
    shared.reduce((total, one) => total + value(one), 0);
  const length = Math.sqrt(sum((one) => one.squareA) * sum((one) => one.squareB));
  return {
    a,
    b,
    modules: shared.length,
    cosine: length === 0 ? null : sum((one) => one.inner) / length,
    outputOverlap: mean(shared.flatMap((one) => one.outputOverlap ?? [])),
    inputOverlap: mean(shared.flatMap((one) => one.inputOverlap ?? [])),
  };
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
