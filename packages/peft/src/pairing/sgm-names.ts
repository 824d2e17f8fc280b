/**
 * Names of the U-Net of Stable Diffusion 1, 2 and XL: as its original code (ldm, sgm) has them, and as diffusers
 * has them. Two layers a block on the way down, three on the way up, in all of them; XL only has fewer levels.
 *
 * @see diffusers scripts/convert_diffusers_to_original_stable_diffusion.py
 */

const LEVELS = 4;

/** Layers of a residual block. */
const RESNET: ReadonlyMap<string, string> = new Map([
  ["in_layers_0", "norm1"],
  ["in_layers_2", "conv1"],
  ["emb_layers_1", "time_emb_proj"],
  ["out_layers_0", "norm2"],
  ["out_layers_3", "conv2"],
  ["skip_connection", "conv_shortcut"],
]);

/** Layers outside the blocks, and the samplers between them: whole paths. */
const LAYERS: ReadonlyMap<string, string> = new Map([
  ["input_blocks_0_0", "conv_in"],
  ["time_embed_0", "time_embedding_linear_1"],
  ["time_embed_2", "time_embedding_linear_2"],
  ["label_emb_0_0", "add_embedding_linear_1"],
  ["label_emb_0_2", "add_embedding_linear_2"],
  ["out_0", "conv_norm_out"],
  ["out_2", "conv_out"],
  ...range(LEVELS - 1).flatMap((i): [string, string][] => [
    [`input_blocks_${3 * (i + 1)}_0_op`, `down_blocks_${i}_downsamplers_0_conv`],
    // Second in its block where the level has no attention, else third.
    [`output_blocks_${3 * i + 2}_1_conv`, `up_blocks_${i}_upsamplers_0_conv`],
    [`output_blocks_${3 * i + 2}_2_conv`, `up_blocks_${i}_upsamplers_0_conv`],
  ]),
]);

/** Blocks that hold layers: the first two segments of a path and its third and fourth. */
const BLOCKS: ReadonlyMap<string, string> = new Map([
  ["middle_block_0", "mid_block_resnets_0"],
  ["middle_block_1", "mid_block_attentions_0"],
  ["middle_block_2", "mid_block_resnets_1"],
  ...range(LEVELS).flatMap((i): [string, string][] => [
    ...range(2).flatMap((j) => pairOfBlocks(`input_blocks_${3 * i + j + 1}`, `down_blocks_${i}`, j)),
    ...range(3).flatMap((j) => pairOfBlocks(`output_blocks_${3 * i + j}`, `up_blocks_${i}`, j)),
  ]),
]);

const ROOTS = ["input_blocks_", "middle_block_", "output_blocks_"];

/**
 * An underscored U-Net path in diffusers' names. Paths that are in them already, or of other models, come back as
 * they are. By table only: underscored names cannot be split by rule.
 */
export function diffusersUnetPath(path: string): string {
  const layer = LAYERS.get(path);
  if (layer !== undefined) return layer;
  if (!ROOTS.some((root) => path.startsWith(root))) return path;
  for (const [block, renamed] of BLOCKS) {
    if (!path.startsWith(`${block}_`)) continue;
    const rest = path.slice(block.length + 1);
    return `${renamed}_${RESNET.get(rest) ?? rest}`;
  }
  return path;
}

function pairOfBlocks(sgm: string, diffusers: string, j: number): [string, string][] {
  return [
    [`${sgm}_0`, `${diffusers}_resnets_${j}`],
    [`${sgm}_1`, `${diffusers}_attentions_${j}`],
  ];
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
