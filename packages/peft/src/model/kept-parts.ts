import { LoraError } from "@lora/tensor";
import type { AdaptedModules } from "./adapted-modules.ts";
import type { ChosenPlaces } from "./choose-places.ts";
import type { KeptModules, KeptPart } from "./kept-part.ts";

/** What the adapters of a model keep beside their factors. Of one weight there is room for one. */
export class KeptParts {
  readonly #byAdapter = new Map<string, { modules: readonly string[]; parts: readonly KeptPart[] }>();

  set(adapter: string, kept: KeptModules, parts: readonly KeptPart[] = []): void {
    this.#byAdapter.set(adapter, { modules: keptModules(kept), parts });
  }

  of(adapter: string): readonly KeptPart[] {
    return this.#byAdapter.get(adapter)?.parts ?? [];
  }

  delete(adapter: string): void {
    this.#byAdapter.delete(adapter);
  }

  clear(): void {
    this.#byAdapter.clear();
  }

  /**
   * Accepts a new adapter beside those that are there: no module is adapted by one and kept by another.
   *
   * @throws LoraError USAGE
   * @see peft/utils/other.py AuxiliaryTrainingWrapper.check_module
   */
  demandApart(
    adapter: string,
    chosen: KeptModules & Pick<ChosenPlaces, "places">,
    adapted: AdaptedModules,
  ): void {
    const taken = keptModules(chosen).find((module) => adapted.get(module) !== undefined);
    if (taken !== undefined) throw keptAndAdapted(taken, adapter);
    const targets = new Set(chosen.places.map(({ module }) => module));
    for (const [other, { modules }] of this.#byAdapter) {
      const both = modules.find((module) => targets.has(module));
      if (both !== undefined) throw keptAndAdapted(both, other);
    }
  }

  /**
   * What these adapters put into the base.
   *
   * @throws LoraError USAGE when two of them keep the same weight, or train the same token
   */
  together(adapters: readonly string[]): readonly KeptPart[] {
    const all = adapters.flatMap((adapter) => this.of(adapter).map((part) => ({ adapter, part })));
    all.forEach((one, index) => {
      for (const other of all.slice(0, index)) demandDisjoint(other, one);
    });
    return all.map(({ part }) => part);
  }
}

interface OwnedPart {
  readonly adapter: string;
  readonly part: KeptPart;
}

function demandDisjoint(first: OwnedPart, second: OwnedPart): void {
  const target = second.part.targets.find((name) => first.part.targets.includes(name));
  if (target === undefined || first.adapter === second.adapter) return;
  const [rows, others] = [first.part.rows, second.part.rows];
  const token = rows === undefined ? undefined : others?.find((row) => rows.includes(row));
  if (rows !== undefined && others !== undefined && token === undefined) return;
  const what = token === undefined ? `keep ${target} whole` : `train token ${token} of ${target}`;
  throw new LoraError(
    "USAGE",
    `${first.adapter} and ${second.adapter} ${what}, and one of them can be active`,
    {
      tensor: target,
      adapters: [first.adapter, second.adapter],
      advice: "activate one of them, or merge them one after the other",
    },
  );
}

function keptModules({ saved, tokens }: KeptModules): readonly string[] {
  return [...saved, ...tokens.map(({ module }) => module)];
}

function keptAndAdapted(module: string, keeper: string): LoraError {
  return new LoraError(
    "USAGE",
    `${keeper} keeps ${module} beside its factors, and another adapter has factors for it`,
    {
      module,
      adapter: keeper,
      advice: "merge one of them into the base before the other is put in",
    },
  );
}
