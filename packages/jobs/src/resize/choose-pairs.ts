import {
  type Adapter,
  atLeastOne,
  dialectOf,
  type ModuleSpectrum,
  type RankChoice,
  type RankContext,
  type Selection,
} from "@lora/peft";
import { LoraError } from "@lora/tensor";

/** What pairs are chosen from, and how. */
export interface PairChoice {
  readonly adapter: Adapter;
  readonly spectra: readonly ModuleSpectrum[];
  readonly choice: RankChoice;
  /** What a rule that looks across modules asks for; left out for others. */
  readonly fileBytes?: RankContext["fileBytes"] | undefined;
}

/**
 * The pairs a rule keeps. Some readers need every module they expect: there, one pair of each is kept, and counted
 * in the size.
 */
export function choosePairs({ adapter, spectra, choice, fileBytes = noSize }: PairChoice): Selection {
  if (!dialectOf(adapter).keepsEveryModule) return choice.choose(spectra, { fileBytes });
  const withEveryModule = (ranks: readonly number[]): number =>
    fileBytes(ranks.map((rank) => Math.max(rank, 1)));
  return atLeastOne(choice.choose(spectra, { fileBytes: withEveryModule }), spectra);
}

function noSize(): never {
  throw new LoraError("UNSUPPORTED", "a rule that asks for the size of the file looks across modules", {
    advice: "say so in `acrossModules` of the choice",
  });
}
