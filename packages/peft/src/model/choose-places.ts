import type { EngineOptions } from "@lora/linalg";
import type { LoraConfig } from "../config/lora-config.ts";
import { resolveTargets } from "../targets/resolve-targets.ts";
import type { AdaptedModules } from "./adapted-modules.ts";
import { adapterPlaces } from "./adapter-place.ts";
import type { AdapterPlace } from "./adapter-place.ts";
import { adaptedModule } from "./base-module.ts";
import type { BaseModule } from "./base-module.ts";
import { describeBase } from "./describe-base.ts";
import type { ModelFacts } from "./describe-base.ts";

/** What a model is made with. */
export interface LoraModelOptions extends EngineOptions, ModelFacts {}

/** Where an adapter goes. */
export interface ChosenPlaces {
  readonly places: readonly AdapterPlace[];
  /** Modules that the adapter keeps whole. */
  readonly saved: readonly string[];
  /** What PEFT would warn of. */
  readonly warnings: readonly string[];
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
export function choosePlaces(config: LoraConfig, { base, adapted, options }: ModelState): ChosenPlaces {
  const targets = resolveTargets(config, describeBase(base, options));
  const wanted = new Map<string, string[]>(targets.modules.map(({ name }) => [name, []]));
  for (const { module, parameter } of targets.parameters) {
    wanted.set(module, [...(wanted.get(module) ?? []), parameter]);
  }
  const modules = [...wanted].map(([name, parameters]) => {
    const source = base.get(targets.sources.get(name) ?? name)!;
    return adapted.get(name) ?? adaptedModule(name, source, { engine: options.engine, parameters })!;
  });
  return { places: adapterPlaces(modules, targets.config), saved: targets.saved, warnings: targets.warnings };
}
