import {
  byt5Layers,
  doubleAttention,
  doubleBlock,
  embedder,
  outsideBlocks,
  singleBlock,
  tencentFused,
} from "./_hunyuan.ts";
import type { Layout } from "./_layout.ts";

/** HunyuanImage 2.1: the blocks of HunyuanVideo. */
export const hunyuanImage: Layout = {
  id: "hunyuan-image",
  source:
    "kohya-ss/sd-scripts library/hunyuan_image_models.py, networks/convert_hunyuan_image_lora_to_comfy.py; diffusers scripts/convert_hunyuan_image_to_diffusers.py",
  architectures: ["hunyuan-image"],
  components: ["transformer"],
  layers: [
    ...doubleAttention().map(({ stream, library }) => tencentFused(`${stream}_qkv`, library, [1, 1, 1])),
    ...doubleBlock(),
    ...singleBlock(),
    ...outsideBlocks(),
    ...embedder("time_in", "time_guidance_embed.timestep_embedder"),
    ...embedder("time_r_in", "time_guidance_embed.timestep_embedder_r"),
    ...embedder("guidance_in", "time_guidance_embed.guidance_embedder"),
    ...byt5Layers(),
  ],
};
