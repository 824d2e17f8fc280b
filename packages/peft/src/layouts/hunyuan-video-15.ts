import {
  byt5Layers,
  comfyuiName,
  doubleAttention,
  doubleBlock,
  embedder,
  outsideBlocks,
  tencentLayer,
} from "./_hunyuan.ts";
import type { Layout } from "./_layout.ts";
import { fused, layer } from "./_named.ts";

/** HunyuanVideo 1.5: double blocks alone, whose attention is fused in ComfyUI and nowhere else. */
export const hunyuanVideo15: Layout = {
  id: "hunyuan-video-15",
  source:
    "kohya-ss/musubi-tuner hunyuan_video_1_5_modules.py, networks/convert_hunyuan_video_1_5_lora_to_comfy.py; diffusers scripts/convert_hunyuan_video1_5_to_diffusers.py",
  architectures: ["hunyuan-video-15"],
  components: ["transformer"],
  layers: [
    ...doubleAttention().flatMap(({ stream, library }) => [
      ...library.map((path, index) => layer(`${stream}_${"qkv"[index]}`, path)),
      fused(comfyuiName(`${stream}_qkv`), library, "comfyui"),
    ]),
    ...doubleBlock(),
    ...outsideBlocks(),
    ...embedder("time_in", "time_embed.timestep_embedder"),
    ...embedder("time_r_in", "time_embed.timestep_embedder_r"),
    ...byt5Layers(),
    tencentLayer("vision_in.proj.1", "image_embedder.linear_1"),
    tencentLayer("vision_in.proj.3", "image_embedder.linear_2"),
  ],
};
