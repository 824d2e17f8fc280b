import { demandRank } from "./_demand.ts";
import type { ModuleSpectrum, RankChoice } from "./_rule.ts";

/** The most pairs a module may keep. */
export interface RankCap {
  readonly rank?: number | undefined;
  /** Where the kernel is larger than 1 × 1; `rank` when left out. */
  readonly convRank?: number | undefined;
}

function limitsInWords({ rank, convRank }: RankCap): string[] {
  const words: string[] = [];
  if (rank !== undefined) words.push(`at most ${rank}`);
  if (convRank !== undefined) words.push(`conv at most ${convRank}`);
  return words;
}

/**
 * A choice that keeps no more pairs of a module than the cap: of those the rule keeps, the ones with the
 * largest σ. A rule that fills up a file size counts with the cap and fills it with other modules.
 *
 * @throws LoraError USAGE when a cap is not a whole number of at least one
 */
export function capped(choice: RankChoice, cap: RankCap): RankChoice {
  const { rank, convRank } = cap;
  if (rank !== undefined) demandRank("rank", rank);
  if (convRank !== undefined) demandRank("convRank", convRank);
  if (rank === undefined && convRank === undefined) return choice;
  const most = ({ kernel }: ModuleSpectrum): number => (kernel ? (convRank ?? rank) : rank) ?? Infinity;
  return {
    rule: choice.rule,
    title: [choice.title, ...limitsInWords(cap)].join(", "),
    needs: choice.needs,
    acrossModules: choice.acrossModules,
    choose(spectra, context) {
      const limits = spectra.map(most);
      const limit = (count: number, module: number): number => Math.min(count, limits[module] ?? Infinity);
      const selection = choice.choose(spectra, { fileBytes: (ranks) => context.fileBytes(ranks.map(limit)) });
      const kept = selection.kept.map((indices, module) => indices.slice(0, limit(indices.length, module)));
      return { ...selection, kept };
    },
  };
}
