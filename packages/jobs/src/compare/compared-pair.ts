import { norm, relative } from "../arithmetic.ts";
import type { ModulePiece } from "@lora/peft";
import type { Target } from "../combine/match-targets.ts";
import type { ComparedModule, ComparedPair } from "./compare-report.ts";
import type { ComparedUpdates, ComparedWeight } from "./compare-updates.ts";

/** A weight that the modules of some files change, or parts of these. */
export type PieceTarget = Target<ModulePiece>;

/** A target of the files and what was found of it. */
export interface FoundTarget {
  readonly target: PieceTarget;
  readonly weight: ComparedWeight;
}

/** Unit roundoff of stored types, the finest first. */
const ROUNDOFF = [
  ["f32", 2 ** -24],
  ["f16", 2 ** -11],
  ["bf16", 2 ** -8],
] as const;

/** Both factors are rounded, and a little is left for the sums. */
const ROUNDINGS = 4;

/** How files a and b stand to each other, over all targets. */
export function comparedPair(
  found: readonly FoundTarget[],
  { a, b, withAngles }: { readonly a: number; readonly b: number; readonly withAngles: boolean },
): ComparedPair {
  const shared = found.flatMap(({ target, weight }) => {
    const pair = weight.pairs.find(({ i, j }) => i === a && j === b);
    return pair === undefined ? [] : [{ target, weight, pair }];
  });
  const normOf = (index: number, of: readonly { weight: ComparedWeight }[]): number =>
    norm(of.map(({ weight }) => weight.norms[index]!));
  const [normA, normB] = [normOf(a, found), normOf(b, found)];
  const inner = shared.reduce((sum, { pair }) => sum + pair.inner, 0);
  const alone = found.filter(({ weight }) => !weight.pairs.some(({ i, j }) => i === a && j === b));
  const distance = norm([
    ...shared.map(({ pair }) => pair.distance),
    ...alone.flatMap(({ weight }) => [weight.norms[a]!, weight.norms[b]!]),
  ]);
  const relativeDistance = relative(distance, Math.max(normA, normB)) ?? 0;
  const only = (one: number, other: number): string[] =>
    found.flatMap(({ target: { members } }) =>
      members[other] === undefined && members[one] !== undefined ? [members[one].name] : [],
    );
  return {
    a,
    b,
    cosine: cosine(inner, normA, normB),
    sharedCosine: cosine(inner, normOf(a, shared), normOf(b, shared)),
    relativeDistance,
    normRatio: relative(normB, normA),
    outputOverlap: mean(shared.flatMap(({ pair }) => pair.outputOverlap ?? [])),
    inputOverlap: mean(shared.flatMap(({ pair }) => pair.inputOverlap ?? [])),
    sameWithin: ROUNDOFF.find(([, unit]) => relativeDistance <= ROUNDINGS * unit)?.[0] ?? null,
    modules: shared.map(({ target, weight, pair }) => comparedModule(target, weight, { pair, withAngles })),
    onlyInA: only(a, b),
    onlyInB: only(b, a),
  };
}

function comparedModule(
  { members }: PieceTarget,
  { norms, ranks }: ComparedWeight,
  { pair, withAngles }: { readonly pair: ComparedUpdates; readonly withAngles: boolean },
): ComparedModule {
  const [a, b] = [members[pair.i]!, members[pair.j]!];
  const [normA, normB] = [norms[pair.i]!, norms[pair.j]!];
  return {
    name: a.name,
    other: b.name,
    component: a.component,
    path: a.path,
    rankA: a.rows === undefined ? a.rank : ranks[pair.i]!,
    rankB: b.rows === undefined ? b.rank : ranks[pair.j]!,
    normA,
    normB,
    cosine: pair.cosine,
    relativeDistance: relative(pair.distance, Math.max(normA, normB)) ?? 0,
    normRatio: relative(normB, normA),
    outputOverlap: pair.outputOverlap,
    inputOverlap: pair.inputOverlap,
    outputAngles: withAngles ? (pair.outputAngles ?? []) : null,
    inputAngles: withAngles ? (pair.inputAngles ?? []) : null,
  };
}

function cosine(inner: number, normA: number, normB: number): number | null {
  const length = normA * normB;
  return length === 0 ? null : Math.min(1, Math.max(-1, inner / length));
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
