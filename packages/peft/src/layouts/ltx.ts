import type { Layout } from "./_layout.ts";
import { layers } from "./_named.ts";
import { sameNames } from "./_same-names.ts";

const BLOCK = "transformer_blocks.#.";

/** Attention of a block; LTX-2 has that of sound, and between the two. */
const ATTENTION = [
  "attn1",
  "attn2",
  "audio_attn1",
  "audio_attn2",
  "audio_to_video_attn",
  "video_to_audio_attn",
];

/** Embedded time steps that modulate, each by the same three layers. */
const TIMES: readonly (readonly [original: string, library: string])[] = [
  ["adaln_single", "time_embed"],
  ["audio_adaln_single", "audio_time_embed"],
  ["av_ca_video_scale_shift_adaln_single", "av_cross_attn_video_scale_shift"],
  ["av_ca_audio_scale_shift_adaln_single", "av_cross_attn_audio_scale_shift"],
  ["av_ca_a2v_gate_adaln_single", "av_cross_attn_video_a2v_gate"],
  ["av_ca_v2a_gate_adaln_single", "av_cross_attn_audio_v2a_gate"],
  ["prompt_adaln_single", "prompt_adaln"],
  ["audio_prompt_adaln_single", "audio_prompt_adaln"],
];

const TIME_LAYERS = ["linear", "emb.timestep_embedder.linear_1", "emb.timestep_embedder.linear_2"];

/** LTX-Video and LTX-2, whose blocks have diffusers' names in their authors' code too. */
export const ltx: Layout = {
  id: "ltx",
  source:
    "Lightricks/LTX-Video; diffusers single_file_utils.py convert_ltx_transformer_checkpoint_to_diffusers, convert_ltx2_transformer_to_diffusers",
  architectures: ["ltx"],
  components: ["transformer"],
  layers: [
    ...sameNames([
      ...ATTENTION.flatMap((attention) =>
        ["to_q", "to_k", "to_v", "to_out.0", "to_gate_logits"].map((part) => `${BLOCK}${attention}.${part}`),
      ),
      ...["ff", "audio_ff"].flatMap((ff) => [`${BLOCK}${ff}.net.0.proj`, `${BLOCK}${ff}.net.2`]),
      ...["caption_projection", "audio_caption_projection"].flatMap((projection) => [
        `${projection}.linear_1`,
        `${projection}.linear_2`,
      ]),
      "proj_out",
      "audio_proj_out",
    ]),
    ...layers([
      ["patchify_proj", "proj_in"],
      ["audio_patchify_proj", "audio_proj_in"],
      ...TIMES.flatMap(([original, library]) =>
        TIME_LAYERS.map((layer): [string, string] => [`${original}.${layer}`, `${library}.${layer}`]),
      ),
    ]),
  ],
};
