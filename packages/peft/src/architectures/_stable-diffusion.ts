import { inputWidth, namesBase, onlyComponents, somePath } from "./_clues.ts";
import type { Clues } from "./_architecture.ts";

/** What tells one Stable Diffusion U-Net from another. */
export interface StableDiffusionMarks {
  /** Width of the text that its cross attention reads. */
  readonly context: number;
  /** Beginnings of what trainers call the base. */
  readonly bases: readonly string[];
  /** Width of the text encoder, where it is the only one. */
  readonly textWidth?: number;
  readonly secondEncoder?: boolean;
}

/** The score of a Stable Diffusion U-Net by its marks. */
export function stableDiffusionScore(clues: Clues, marks: StableDiffusionMarks): number {
  if (namesBase(clues, marks.bases)) return 1;
  const context = inputWidth(clues, ["unet", "model"], /_attn2_to_[kv]$/);
  if (context !== undefined) return context === marks.context ? 0.95 : 0;
  if (marks.secondEncoder === true && somePath(clues, ["te2"], /^text_model_encoder_layers_/)) return 0.6;
  if (!onlyComponents(clues, ["te1"])) return 0;
  const width = inputWidth(clues, ["te1"], /^text_model_encoder_layers_\d+_(?:self_attn_.*|mlp_fc1)$/);
  return width !== undefined && width === marks.textWidth ? 0.4 : 0;
}
