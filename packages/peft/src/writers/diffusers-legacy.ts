import { PIPELINE } from "./_pipeline.ts";
import { pipelineComponent, prefixedName, type Writer } from "./_writer.ts";

/** A projection of an attention, whose processor held the pairs. */
const PROJECTION = /^(.*attn\d?)\.(to_q|to_k|to_v|to_out)(?:\.0)?$/;

export const diffusersLegacy: Writer = {
  id: "diffusers-legacy",
  consumers: "diffusers 0.11 to 0.25, and whatever reads its files",
  limits: "no scales; attention as processors, text encoders as lora_linear_layer, all else as .lora.down",
  container: "safetensors",
  scales: "none",
  oneRank: false,
  underscored: false,
  naming: () => "library",
  name(place, { architecture }) {
    const component = pipelineComponent(place.component, architecture);
    if (component.startsWith("te"))
      return named(prefixedName(PIPELINE, { ...place, component })?.module, "linear-layer");
    const projection = PROJECTION.exec(place.path);
    if (projection === null) return named(prefixedName(PIPELINE, { ...place, component })?.module, "lora");
    const path = `${projection[1]}.processor.${projection[2]}`;
    return named(prefixedName(PIPELINE, { ...place, component, path })?.module, "processor");
  },
};

function named(module: string | undefined, spelling: string): ReturnType<Writer["name"]> {
  return module === undefined ? undefined : { module, spelling };
}
