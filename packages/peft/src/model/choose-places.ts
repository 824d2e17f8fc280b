import type { EngineOptions } from "@lora/linalg";
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

/** What a model is made with. */
export interface LoraModelOptions extends EngineOptions, ModelFacts {}

/** Where an adapter goes. */
export interface ChosenPlaces {
  readonly places: readonly AdapterPlace[];
  /** Modules that the adapter keeps whole. */
  readonly saved: readonly string[];
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
  const { saved, warnings } = targets;
  return { places: adapterPlaces(modules, targets.config), saved, warnings, base };
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
