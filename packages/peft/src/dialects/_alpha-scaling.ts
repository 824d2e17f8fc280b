import type { TensorFile } from "@lora/tensor";
import type { Scaling, Texts } from "./_dialect.ts";

/** Scale = alpha / rank where a module has an alpha tensor and its kind a rank, else 1: the rule wherever no configuration speaks. */
export const alphaScaling: Scaling = {
  of({ rank }, storedAlpha) {
    if (storedAlpha === undefined) return { alpha: undefined, scale: 1, source: "none" };
    return { alpha: storedAlpha, scale: rank === 0 ? 1 : storedAlpha / rank, source: "tensor" };
  },
  at({ scale, scaleSource }, rank) {
    if (scaleSource === "none") return { alpha: undefined, scale: 1, source: "none" };
    return { alpha: scale * rank, scale, source: "tensor" };
  },
  transposed: false,
  savedWhole: [],
  warnings: [],
};

/** For dialects whose texts say nothing of ranks. */
export function sameTexts(file: TensorFile): Texts {
  return { metadata: file.metadata, sidecars: file.sidecars };
}
