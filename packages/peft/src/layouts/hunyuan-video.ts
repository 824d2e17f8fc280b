import {
  doubleAttention,
  doubleBlock,
  embedder,
  outsideBlocks,
  singleBlock,
  tencentFused,
  tencentLayer,
} from "./_hunyuan.ts";
import type { Layout } from "./_layout.ts";

/** HunyuanVideo: FLUX.1's blocks under other names. */
export const hunyuanVideo: Layout = {
  id: "hunyuan-video",
  source:
    "Tencent/HunyuanVideo hyvideo/modules/models.py; diffusers lora_conversion_utils.py _convert_hunyuan_video_lora_to_diffusers",
  architectures: ["hunyuan-video"],
  components: ["transformer"],
  layers: [
    ...doubleAttention().map(({ stream, library }) => tencentFused(`${stream}_qkv`, library, [1, 1, 1])),
    ...doubleBlock(),
    ...singleBlock(),
    ...outsideBlocks(),
    ...embedder("time_in", "time_text_embed.timestep_embedder"),
    ...embedder("guidance_in", "time_text_embed.guidance_embedder"),
    tencentLayer("vector_in.in_layer", "time_text_embed.text_embedder.linear_1"),
    tencentLayer("vector_in.out_layer", "time_text_embed.text_embedder.linear_2"),
  ],
};
