import type { LazyTensor } from "@lora/tensor";
import { LoraError } from "@lora/tensor";
import type { LoraConfig } from "../config/lora-config.ts";
import { arrow } from "../layers/arrow.ts";
import type { ArrowOptions } from "../layers/arrow.ts";
import { demandTogether } from "../targets/adapters-together.ts";
import { AdaptedModules } from "./adapted-modules.ts";
import { adapterPlaces } from "./adapter-place.ts";
import type { AdapterPlace, Initialise, InitialAdapter } from "./adapter-place.ts";
import type { BaseModule } from "./base-module.ts";
import { choosePlaces, replicatedOnce } from "./choose-places.ts";
import type { ChosenPlaces, LoraModelOptions } from "./choose-places.ts";
import { demandSwappable, swapTensors } from "./hotswap.ts";
import { demandInitialiser, onItsBase } from "./load-options.ts";
import type { LoadOptions, LoadReport } from "./load-options.ts";
import { keptParts } from "./kept-part.ts";
import { KeptParts } from "./kept-parts.ts";
import { padRank } from "./pad-rank.ts";
import { readAdapterTensors } from "./read-adapter-tensors.ts";
import { routerPlaces } from "./router-places.ts";
import { changedBase, weightsAt, withMagnitude } from "./start-adapter.ts";
import { writeAdapterTensors } from "./write-adapter-tensors.ts";

/** Which adapters a model has, which of them are active, and how they come and go. */
export abstract class ModelAdapters {
  /** With layers replicated, where an adapter asked for that. */
  protected base: ReadonlyMap<string, BaseModule>;
  protected readonly options: LoraModelOptions;
  protected readonly modules: AdaptedModules = new AdaptedModules();
  protected readonly kept: KeptParts = new KeptParts();
  readonly #configs = new Map<string, LoraConfig>();
  readonly #places = new Map<string, readonly AdapterPlace[]>();
  readonly #given: ReadonlyMap<string, BaseModule>;
  #active: readonly string[] = [];
  #enabled = true;

  /** @param modules by their dotted names, in the order of the model */
  constructor(
    modules: Iterable<readonly [name: string, module: BaseModule]>,
    options: LoraModelOptions = {},
  ) {
    this.#given = new Map(modules);
    this.base = this.#given;
    this.options = options;
  }

  /** Configurations by the names of the adapters. */
  get configs(): ReadonlyMap<string, LoraConfig> {
    return this.#configs;
  }

  get activeAdapters(): readonly string[] {
    return this.#active;
  }

  get mergedAdapters(): readonly string[] {
    return [...this.modules.merged];
  }

  /**
   * Puts a new adapter into the modules that its configuration means.
   *
   * @param initialise gives the tensors it starts with, place by place
   * @throws LoraError USAGE when the name is taken or the adapters cannot be together; and as `resolveTargets`, `variantOf`
   *   and `makeAdapter` do. The model stays as it was then
   */
  async addAdapter(name: string, config: LoraConfig, initialise: Initialise): Promise<void> {
    const chosen = this.#choose(name, config);
    await this.#insert(name, { config, ...chosen }, initialise);
    this.kept.set(name, chosen);
  }

  /**
   * Puts an adapter in that was stored under PEFT's names.
   *
   * @throws LoraError SHAPE when a factor has another shape than the configuration says; MISSING as `demandInitialiser` does; and as
   *   `addAdapter` does
   */
  async loadAdapter(
    name: string,
    config: LoraConfig,
    tensors: ReadonlyMap<string, LazyTensor>,
    options: LoadOptions = {},
  ): Promise<LoadReport> {
    demandInitialiser(config, options);
    const chosen = this.#choose(name, config);
    const { found, ...report } = await readAdapterTensors(chosen.places, tensors, options.ignoreMismatched);
    const { parts, missing } = keptParts(chosen, tensors);
    await this.#insert(name, { config, ...chosen }, (place) => onItsBase(place, found.get(place), options));
    this.kept.set(name, chosen, parts);
    const kept = new Set(parts.map(({ key }) => key));
    return {
      mismatched: report.mismatched,
      missing: [...report.missing, ...missing],
      unexpected: report.unexpected.filter((key) => !kept.has(key)),
      warnings: chosen.warnings,
    };
  }

  /**
   * Takes an adapter out. When none is left active, the first of the others in alphabetical order becomes it.
   *
   * @throws LoraError MISSING when there is none of that name; USAGE when it is merged
   */
  deleteAdapter(name: string): void {
    this.demandAll([name]);
    if (this.modules.merged.has(name)) {
      throw new LoraError("USAGE", `adapter ${name} is merged, and cannot be deleted`, {
        advice: "unmerge first",
      });
    }
    this.modules.delete(name);
    for (const each of [this.#configs, this.#places, this.kept]) each.delete(name);
    const [first] = [...this.#configs.keys()].sort();
    const left = this.#active.filter((other) => other !== name);
    this.#activate(left.length > 0 || first === undefined ? left : [first]);
  }

  /**
   * Makes these the active adapters, in this order. What is merged is taken out first, as in PEFT.
   *
   * @throws LoraError MISSING when there is none of a name; USAGE when two of them keep the same module, or train the same token
   */
  setAdapters(names: readonly string[]): void {
    this.demandAll(names);
    this.kept.together(names);
    this.modules.unmerge();
    this.#activate(names);
  }

  /** Lets the adapters act, or not. What is merged does not act either while they may not, and stays merged. */
  setEnabled(enabled: boolean): void {
    this.#enabled = enabled;
    this.modules.forEach((layer) => {
      layer.enabled = enabled;
    });
  }

  /** The tensors of an adapter under PEFT's names, as a file holds them. @throws LoraError MISSING when there is none */
  adapterTensors(name: string): Map<string, LazyTensor> {
    this.demandAll([name]);
    const kept = this.kept.of(name).map(({ key, tensor }) => [key, tensor] as const);
    return new Map([...writeAdapterTensors(name, this.modules.layers), ...kept]);
  }

  /**
   * Puts another adapter in the place of one, in tensors at least as large, so that what holds them need not grow again.
   *
   * @throws LoraError USAGE when the adapter is merged, or the configurations differ in what tensors mean; MISSING when a tensor
   *   belongs to a layer that the old adapter is not in; SHAPE as `loadAdapter` does. The model stays as it was then
   */
  async hotswap(name: string, config: LoraConfig, tensors: ReadonlyMap<string, LazyTensor>): Promise<void> {
    this.demandAll([name]);
    demandSwappable(this.#configs.get(name)!, config);
    if (this.modules.merged.has(name)) {
      throw new LoraError("USAGE", `adapter ${name} is merged, and cannot be swapped`, {
        advice: "unmerge first",
      });
    }
    const modules = [...new Set(this.#places.get(name)!.map(({ module }) => module))];
    const places = adapterPlaces(
      modules.map((module) => this.modules.get(module)!),
      config,
    );
    const { found, unexpected } = await readAdapterTensors(places, tensors);
    if (unexpected.length > 0) {
      throw new LoraError("MISSING", `adapter ${name} has no layer for ${unexpected.join(", ")}`, {
        tensors: unexpected,
      });
    }
    swapTensors(name, places, found);
    this.#configs.set(name, config);
    this.#places.set(name, places);
  }

  /** Fills the factors of an adapter with zeros to this rank, for swapping in others up to it. @throws LoraError as `padRank` */
  padAdapter(name: string, rank: number): void {
    this.demandAll([name]);
    for (const place of this.#places.get(name)!) {
      const adapter = place.layer.adapters.get(name);
      if (adapter === undefined) continue;
      const tensors = padRank(place.layer, adapter.tensors, rank);
      place.layer.addAdapter(name, weightsAt(place, tensors));
      place.layer.adapters.get(name)!.scale = adapter.scale;
    }
  }

  /**
   * Puts a router in that sends each token through the adapters it is most like (Arrow), in all layers that have them. Activate it
   * to use it.
   *
   * @throws LoraError USAGE when the name is taken, and as `arrow` and `routerPlaces` do; MISSING when an adapter is not there;
   *   UNSUPPORTED for layers other than linear
   */
  addRouter(name: string, options: ArrowOptions): void {
    this.#demandNew(name);
    this.demandAll([...options.experts, ...(options.general ?? [])]);
    const variant = arrow(options);
    const [first = ""] = options.experts;
    const places = routerPlaces(options, this.#places);
    try {
      for (const { layer } of places) layer.addAdapter(name, { ...layer.adapters.get(first)!, variant });
    } catch (error) {
      this.modules.delete(name);
      throw error;
    }
    this.#configs.set(name, this.#configs.get(first)!);
    this.#places.set(name, places);
  }

  #demandNew(name: string): void {
    if (!this.#configs.has(name)) return;
    throw new LoraError("USAGE", `there is an adapter ${name} already`, {
      advice: "delete it, or swap its tensors",
    });
  }

  #choose(name: string, config: LoraConfig): ChosenPlaces {
    this.#demandNew(name);
    demandTogether(new Map([...this.#configs, [name, config]]));
    const state = { base: this.base, adapted: this.modules, options: this.options };
    const chosen = choosePlaces(replicatedOnce(config, this.#configs.values()), state);
    this.kept.demandApart(name, chosen, this.modules);
    return chosen;
  }

  /** Puts an adapter into its places, or nowhere where one of them fails. */
  async #insert(
    name: string,
    { config, places, base }: Pick<ChosenPlaces, "places" | "base"> & { readonly config: LoraConfig },
    start: (place: AdapterPlace) => InitialAdapter | undefined | Promise<InitialAdapter | undefined>,
  ): Promise<void> {
    try {
      for (const place of places) {
        const initial = await start(place);
        if (initial !== undefined) await this.#put(name, place, initial);
      }
    } catch (error) {
      this.modules.delete(name);
      throw error;
    }
    this.base = base;
    this.#configs.set(name, config);
    this.#places.set(name, places);
    this.#activate(this.#configs.size === 1 ? [name] : this.#active);
  }

  async #put(name: string, place: AdapterPlace, { base, ...tensors }: InitialAdapter): Promise<void> {
    const { layer, module } = place;
    const changed = await changedBase(place, { ...tensors, base });
    if (changed !== undefined && layer.mergedAdapters.length > 0) {
      throw new LoraError(
        "USAGE",
        `adapter ${name} changes the base weight of ${module}, into which others are merged`,
        {
          advice: "unmerge first",
        },
      );
    }
    this.modules.add(place.owner);
    if (changed !== undefined) this.modules.changeBase(layer, name, changed);
    layer.addAdapter(name, weightsAt(place, await withMagnitude(place, name, tensors)));
    layer.enabled = this.#enabled;
  }

  /** @throws LoraError MISSING for a name that is none */
  protected demandAll(names: readonly string[]): void {
    const unknown = names.filter((name) => !this.#configs.has(name));
    if (unknown.length === 0) return;
    throw new LoraError("MISSING", `the model has no adapter ${unknown.join(", ")}`, {
      adapters: [...this.#configs.keys()],
    });
  }

  /** Forgets all adapters. */
  protected clear(): void {
    for (const each of [this.#configs, this.#places, this.kept]) each.clear();
    this.modules.clear();
    this.base = this.#given;
    this.#active = [];
  }

  #activate(names: readonly string[]): void {
    this.#active = names;
    this.modules.forEach((layer) => layer.setAdapters(names));
  }
}
