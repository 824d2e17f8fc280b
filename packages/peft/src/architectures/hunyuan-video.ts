import type { Architecture, Clues } from "./_architecture.ts";
import { namesBase, somePath } from "./_clues.ts";
import { DENOISERS } from "./_denoiser.ts";
import { hunyuanScore } from "./_hunyuan.ts";

const WIDTH = 3072;

/** As wide as FLUX.1, and deeper: 20 and 40 blocks where that has 19 and 38. */
const DEEPER =
  /^(?:double_blocks_19|single_blocks_3[89]|transformer_blocks_19_attn_add|single_transformer_blocks_3[89])_/;

export const hunyuanVideo: Architecture = {
  id: "hunyuan-video",
  title: "HunyuanVideo",
  source: "Tencent/HunyuanVideo hyvideo/modules/models.py; diffusers transformer_hunyuan_video.py",
  score,
};

function score(clues: Clues): number {
  // Below the others of the family, whose notes begin as this one's.
  if (namesBase(clues, ["hunyuan", "framepack"])) return 0.99;
  const found = hunyuanScore(clues, { bases: [], width: WIDTH });
  if (found === 0.92) return somePath(clues, DENOISERS, DEEPER) ? found : 0;
  // Names of the family at a width that none of it has.
  return found === 0.2 ? 0.3 : found;
}
