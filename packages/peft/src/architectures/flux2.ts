import type { Architecture, Clues } from "./_architecture.ts";
import { inputWidth, namesBase, somePath } from "./_clues.ts";
import { DENOISERS } from "./_denoiser.ts";

/** Of the 9B and the 32B model; that of the smallest is FLUX.1's. */
const WIDTHS = [4096, 6144];

const OWN =
  /^(?:(?:double_stream_modulation_(?:img|txt)|single_stream_modulation)_lin(?:ear)?|single_transformer_blocks_\d+_attn_to_(?:qkv_mlp_proj|out)|transformer_blocks_\d+_ff(?:_context)?_linear_(?:in|out))$/;

const BLOCKS = /^(?:double_blocks_\d+_(?:img|txt)_attn_(?:qkv|proj)|single_blocks_\d+_linear1)$/;

/** Rows of fused layers in input widths: gated layers have a third more each than FLUX.1's. */
const ROWS: readonly (readonly [path: RegExp, times: number])[] = [
  [/^single_blocks_\d+_linear1$/, 9],
  [/^double_blocks_\d+_(?:img|txt)_mlp_0$/, 6],
];

export const flux2: Architecture = {
  id: "flux2",
  title: "FLUX.2",
  source: "black-forest-labs/flux2 model.py; diffusers transformer_flux2.py",
  score,
};

function score(clues: Clues): number {
  if (namesBase(clues, ["flux2", "flux_2", "flux-2", "flux.2"])) return 1;
  if (somePath(clues, DENOISERS, OWN) || hasItsRows(clues)) return 0.95;
  const width = inputWidth(clues, DENOISERS, BLOCKS);
  return width !== undefined && WIDTHS.includes(width) ? 0.92 : 0;
}

function hasItsRows({ modules }: Clues): boolean {
  return modules.some(
    ({ component, path, shape: [out = 0, width = 0] }) =>
      DENOISERS.includes(component) &&
      ROWS.some(([pattern, times]) => pattern.test(path) && out === times * width),
  );
}
