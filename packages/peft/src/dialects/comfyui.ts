import { endingDialect } from "./_ending-dialect.ts";
import type { Dialect } from "./_dialect.ts";
import { LYCORIS_GLORA, LYCORIS_KINDS } from "./_lycoris-endings.ts";
import { CHECKPOINT_PREFIXES, stripPrefix } from "./_places.ts";

/**
 * ComfyUI's own names: the module path of the checkpoint with its prefix, and either pair of endings. The scale is
 * alpha / rank where a module has an alpha tensor, else 1.
 */
export const comfyui: Dialect = endingDialect({
  id: "comfyui",
  title: "ComfyUI (names of the checkpoint)",
  source: "https://github.com/comfyanonymous/ComfyUI comfy/lora.py, comfy/weight_adapter",
  distinct: false,
  spellings: [
    { id: "a-b", endings: { down: ".lora_A.weight", up: ".lora_B.weight", alpha: ".alpha" } },
    { id: "down-up", endings: { down: ".lora_down.weight", up: ".lora_up.weight", mid: ".lora_mid.weight" } },
    { id: "named-a-b", endings: { down: ".lora_A.default.weight", up: ".lora_B.default.weight" } },
    { id: "bare-a-b", endings: { down: ".lora_A", up: ".lora_B" } },
    LYCORIS_KINDS,
    LYCORIS_GLORA,
  ],
  prefixes: CHECKPOINT_PREFIXES,
  weight: 0.92,
  reads: (module) => stripPrefix(CHECKPOINT_PREFIXES, module)?.path !== undefined && !isBarePrefix(module),
});

function isBarePrefix(module: string): boolean {
  return CHECKPOINT_PREFIXES.some(([prefix]) => prefix === module);
}
