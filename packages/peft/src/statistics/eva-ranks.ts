/** What decides the ranks. */
export interface RankBudget {
  /** How many components are given out. */
  readonly budget: number;
  /** Ratios of explained variance of each followed module, as many as it may have components. */
  readonly ratios: ReadonlyMap<string, ArrayLike<number>>;
  /** For every module, the one whose components it has: itself, or another with the same inputs. */
  readonly followed: ReadonlyMap<string, string>;
}

/**
 * Gives a budget of components to modules: those that explain most of their module's variance come first, whatever
 * module they are of. Modules that share inputs share their ratios; the followed one never gets less than another,
 * so that its components do for all of them. Equal ratios go in the order of `followed`.
 *
 * @see Paischer et al. 2024, arXiv 2410.07170, §3.2
 */
export function evaRanks({ budget, ratios, followed }: RankBudget): ReadonlyMap<string, number> {
  const followedFirst = [...followed].sort(([a, of], [b, other]) => Number(a !== of) - Number(b !== other));
  const all = followedFirst.flatMap(([name, of]) =>
    Array.from(ratios.get(of) ?? [], (ratio) => ({ name, ratio })),
  );
  const ranks = new Map([...followed.keys()].map((name) => [name, 0]));
  for (const { name } of all.sort((a, b) => b.ratio - a.ratio).slice(0, budget)) {
    ranks.set(name, ranks.get(name)! + 1);
  }
  for (const [name, of] of followedFirst) {
    const [own, followedRank] = [ranks.get(name)!, ranks.get(of)!];
    if (followedRank < own) {
      ranks.set(of, own);
      ranks.set(name, followedRank);
    }
  }
  return ranks;
}
