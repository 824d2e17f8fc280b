import type { Adapter, AdapterModule, Selection } from "@lora/peft";
import { finiteOrNull } from "../arithmetic.ts";
import { choosePairs } from "../resize/choose-pairs.ts";
import { isUnchanged } from "../resize/is-unchanged.ts";
import { resizedMetadata } from "../resize/metadata.ts";
import { plannedBytes } from "../resize/planned-bytes.ts";
import { SizePlan } from "../resize/size-plan.ts";
import { type FactorDType, storedDType } from "../resize/stored-dtype.ts";
import { rankSummary } from "../summaries.ts";
import { plannedAdapter } from "./adapter-header.ts";
import type { AdapterSpectra } from "./adapter-spectra.ts";
import { type KeptEnergy, keptEnergy } from "./kept-energy.ts";
import type { Preview, PreviewedModule, PreviewRequest } from "./preview.ts";

/** Says what `resize` would make, as often as it is asked: ranks and bytes exactly, errors but for rounding. */
export class Previewer {
  readonly #adapter: Adapter;
  readonly #spectra: AdapterSpectra["spectra"];
  readonly #origin: AdapterSpectra["origin"];
  /** By the type that factors are stored in. */
  readonly #plans = new Map<FactorDType | undefined, SizePlan>();

  constructor({ header, spectra, origin }: AdapterSpectra) {
    this.#adapter = plannedAdapter(header);
    this.#spectra = spectra;
    this.#origin = origin;
  }

  /**
   * O(pairs) work, and with a size O(pairs + tensors · log pairs); nothing is read or decomposed.
   *
   * @throws LoraError as `resize` does: MISSING when the rule needs facts of a base and there are none, USAGE when no
   * file is as small as asked, UNSUPPORTED when readers of the dialect cannot read such ranks
   */
  preview({ task, dtype }: PreviewRequest): Preview {
    const plan = this.#planFor(dtype);
    const [adapter, origin] = [this.#adapter, this.#origin];
    const fileBytes = plannedBytes(adapter, task, { plan, dtype, origin });
    const selection = choosePairs({ adapter, spectra: this.#spectra, choice: task.choice, fileBytes });
    const ranks = selection.kept.map((kept) => kept.length);
    const sizes = this.#adapter.modules.map((module, index) =>
      unchanged(module, selection, { rank: ranks[index]!, dtype }) ? undefined : ranks[index]!,
    );
    const note = { params: task.metadata(selection.threshold), rule: task.choice.title, dtype, origin };
    const energies = this.#spectra.map(({ s }, index) => keptEnergy(s, selection.kept[index]!));
    const { whole, dropped } = total(energies);
    return {
      rule: { id: task.choice.rule, title: task.choice.title, threshold: finiteOrNull(selection.threshold) },
      bytes: plan.bytes(sizes, resizedMetadata(adapter, ranks, note)),
      rank: rankSummary(ranks.filter((rank) => rank > 0)),
      dropped: ranks.filter((rank) => rank === 0).length,
      retainedEnergy: whole === 0 ? 1 : 1 - dropped / whole,
      relativeErrorFrobenius: whole === 0 ? 0 : Math.sqrt(dropped / whole),
      modules: this.#adapter.modules.map((module, index) =>
        previewed(module, ranks[index]!, this.#spectra[index]!.s[0] ?? 0, energies[index]!),
      ),
    };
  }

  #planFor(dtype: FactorDType | undefined): SizePlan {
    const known = this.#plans.get(dtype);
    if (known !== undefined) return known;
    const plan = new SizePlan(this.#adapter, dtype);
    this.#plans.set(dtype, plan);
    return plan;
  }
}

function unchanged(
  module: AdapterModule,
  { rescale }: Selection,
  { rank, dtype }: { readonly rank: number; readonly dtype: FactorDType | undefined },
): boolean {
  return isUnchanged(module, { rank, dtype: storedDType(module, dtype), rescale });
}

function total(energies: readonly KeptEnergy[]): { whole: number; dropped: number } {
  let [whole, dropped] = [0, 0];
  for (const one of energies) {
    whole += one.whole;
    dropped += one.dropped;
  }
  return { whole, dropped };
}

function previewed(
  { name, rank }: AdapterModule,
  rankAfter: number,
  largest: number,
  { whole, dropped, largestDropped }: KeptEnergy,
): PreviewedModule {
  const zero = whole === 0;
  return {
    name,
    rankBefore: rank,
    rankAfter,
    retainedEnergy: zero ? null : 1 - dropped / whole,
    relativeErrorFrobenius: zero ? null : Math.sqrt(dropped / whole),
    relativeErrorSpectral: zero ? null : largestDropped / largest,
  };
}
