import type { EngineOptions } from "@lora/linalg";
import { LoraError } from "@lora/tensor";
import type { LoraConfig } from "../config/lora-config.ts";
import { resolveTargets } from "../targets/resolve-targets.ts";
import type { ResolvedTargets } from "../targets/resolve-targets.ts";
import type { AdaptedModules } from "./adapted-modules.ts";
import { adapterPlaces } from "./adapter-place.ts";
import type { AdapterPlace } from "./adapter-place.ts";
import { adaptedModule } from "./base-module.ts";
import type { BaseModule } from "./base-module.ts";
import { describeBase } from "./describe-base.ts";
import type { ModelFacts } from "./describe-base.ts";
import type { KeptModules } from "./kept-part.ts";

/** What a model is made with. */
export interface LoraModelOptions extends EngineOptions, ModelFacts {}

/** Where an adapter goes, and what it keeps beside its factors. */
export interface ChosenPlaces extends KeptModules {
  readonly places: readonly AdapterPlace[];
  /** What PEFT would warn of. */
  readonly warnings: readonly string[];
  /** The modules of the model, with its layers replicated where that is asked for. */
  readonly base: ReadonlyMap<string, BaseModule>;
}

/** A model, and what of it is adapted already. */
interface ModelState {
  readonly base: ReadonlyMap<string, BaseModule>;
  readonly adapted: AdaptedModules;
  readonly options: LoraModelOptions;
}

/**
 * The places that a configuration means. Layers of modules that no adapter is in are made anew; a module of a replicated layer
 * has its own adapters on the weights of the layer it repeats.
 *
 * @throws LoraError as `resolveTargets` and `adapterPlaces` do
 */
export function choosePlaces(
  config: LoraConfig,
  { base: given, adapted, options }: ModelState,
): ChosenPlaces {
  const targets = resolveTargets(config, describeBase(given, options));
  const base = targets.sources.size === 0 ? given : replicated(given, targets);
  const wanted = new Map<string, string[]>(targets.modules.map(({ name }) => [name, []]));
  for (const { module, parameter } of targets.parameters) {
    wanted.set(module, [...(wanted.get(module) ?? []), parameter]);
  }
  const modules = [...wanted].map(([name, parameters]) => {
    const own = { engine: options.engine, parameters };
    return adapted.get(name) ?? adaptedModule(name, base.get(name)!, own)!;
  });
  const { saved, tokens, warnings } = targets;
  return { places: adapterPlaces(modules, targets.config), saved, tokens, warnings, base };
}

/**
 * The configuration without its replication where an adapter that is there asked for the same.
 *
 * @throws LoraError USAGE when those that are there asked for none, or another
 */
export function replicatedOnce(config: LoraConfig, others: Iterable<LoraConfig>): LoraConfig {
  const asked = JSON.stringify(config.layer_replication);
  const done = [...others].map((other) => JSON.stringify(other.layer_replication));
  if (config.layer_replication === null || done.length === 0) return config;
  if (done.every((other) => other === asked)) return { ...config, layer_replication: null };
  throw new LoraError("USAGE", "layers can be replicated for the first adapter only, and for others alike", {
    advice: "unload the adapters that are there, or give all the same layer_replication",
  });
}

/** The modules of the new stack; those of a replicated layer share the weights of the layer they repeat. */
function replicated(
  base: ReadonlyMap<string, BaseModule>,
  { model, sources }: Pick<ResolvedTargets, "model" | "sources">,
): ReadonlyMap<string, BaseModule> {
  return new Map(
    model.modules.flatMap(({ name }) => {
      const module = base.get(sources.get(name) ?? name);
      return module === undefined ? [] : [[name, module] as const];
    }),
  );
}
