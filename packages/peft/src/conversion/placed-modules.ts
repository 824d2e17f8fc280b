import type { Adapter, AdapterModule, Component } from "../adapter.ts";
import { guessArchitecture } from "../architectures/_guess.ts";
import { PIPELINE_PREFIXES, stripPrefix } from "../dialects/_places.ts";
import { layerIndex } from "./layer-index.ts";
import type { PlacedModule } from "./pieces.ts";

/** The modules of an adapter where they are in their model, and what model that seems to be. */
export interface PlacedAdapter {
  readonly modules: readonly PlacedModule[];
  readonly architecture: string;
}

/**
 * Finds the components that a file has in its paths alone, as PEFT's of a whole pipeline does: `unet.mid_block…` names one,
 * `transformer.h.0…` is a path of GPT-2.
 */
export function placedModules(adapter: Adapter): PlacedAdapter {
  const anyLayer = layerIndex("unknown");
  const modules = adapter.modules.map((module): PlacedModule => {
    const { component, path } = module;
    const place = component === "model" ? stripPrefix(PIPELINE_PREFIXES, path) : undefined;
    const isComponent =
      place !== undefined &&
      (/^\d+$/.test(place.path) || anyLayer.find(place.component, place.path).length > 0);
    return isComponent ? { module, ...place } : { module, component, path };
  });
  const guessed = guessArchitecture(modules.map(asFound), adapter.file.metadata);
  const architecture = guessed === "unknown" ? adapter.baseArchitecture : guessed;
  return { architecture, modules: modules.map((placed) => withComponent(placed, architecture)) };
}

function asFound({ module, component, path }: PlacedModule): AdapterModule {
  return { ...module, component, path };
}

/** FLUX.1's second encoder in diffusers is the T5 that others call the third. */
function withComponent(placed: PlacedModule, architecture: string): PlacedModule {
  const isT5 = placed.component === "te2" && /^encoder[._]block[._]\d+[._]/.test(placed.path);
  const component: Component = architecture === "flux" && isT5 ? "te3" : placed.component;
  return { ...placed, component };
}
