import { alphaScaling, sameTexts } from "./_alpha-scaling.ts";
import type { Dialect } from "./_dialect.ts";
import { census, detection } from "./_score.ts";
import type { Spelling } from "./_spelling.ts";
import { parseEnding, printEnding } from "./_spelling.ts";

const SPELLINGS: readonly Spelling[] = [
  { id: "processor", endings: { down: ".down.weight", up: ".up.weight" } },
];

const MODULE = /^((?:diffusion_model\.)?(double|single)_blocks\.\d+)\.processor\.(qkv|proj)_lora([12]?)$/;

/** Layers of FLUX.1 that a processor's pairs change: the first of a double block the image's, the second the text's. */
const LAYERS: ReadonlyMap<string, string> = new Map([
  ["double qkv1", "img_attn.qkv"],
  ["double proj1", "img_attn.proj"],
  ["double qkv2", "txt_attn.qkv"],
  ["double proj2", "txt_attn.proj"],
  // A part of linear1 alone: queries, keys and values.
  ["single qkv", "linear1.qkv"],
  ["single proj", "linear2"],
]);

/** FLUX.1 adapters of XLabs-AI (and USO): pairs of attention processors, without alphas. Scale 1. */
export const xlabs: Dialect = {
  id: "xlabs",
  title: "XLabs (FLUX.1 attention processors)",
  source: "https://github.com/XLabs-AI/x-flux src/flux/modules/layers.py",
  keepsEveryModule: true,
  distinct: true,
  score(names) {
    const found = census(names, xlabs.parse);
    const reasons = [`${found.modules.length} qkv_lora and proj_lora of attention processors`];
    return detection("xlabs", names, { census: found, weight: 1, reasons });
  },
  parse(name) {
    const parsed = parseEnding(SPELLINGS, name);
    return parsed !== undefined && layerOf(parsed.module) !== undefined ? parsed : undefined;
  },
  print: (module, part, spelling) => printEnding(SPELLINGS, module, { part, spelling }),
  place: (module) => ({ component: "transformer", path: layerOf(module) ?? module }),
  scaling: () => alphaScaling,
  texts: sameTexts,
};

function layerOf(module: string): string | undefined {
  const found = MODULE.exec(module);
  if (found === null) return undefined;
  const [, block, type, layer, stream] = found;
  const name = LAYERS.get(`${type} ${layer}${stream}`);
  return name && `${block!.replace("diffusion_model.", "")}.${name}`;
}
