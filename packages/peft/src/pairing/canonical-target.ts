import type { AdapterModule, Component } from "../adapter.ts";
import { diffusersUnetPath } from "./sgm-names.ts";

/** Blocks that only denoisers of images have: files that name no component can mean nothing else with them. */
const DENOISER_BLOCKS = [
  "down_blocks_",
  "mid_block_",
  "up_blocks_",
  "transformer_blocks_",
  "single_transformer_blocks_",
  "double_blocks_",
  "single_blocks_",
  "joint_blocks_",
];

/**
 * A key for the base weight that a module changes: equal for modules of different dialects that change the same
 * one. The component, then the path with underscores for dots, original names of the Stable Diffusion U-Nets
 * turned into diffusers'. Layers that one dialect fuses and another splits (FLUX) stay different.
 *
 * @returns e.g. `unet/mid_block_attentions_0_proj_in`
 */
export function canonicalTarget(module: Pick<AdapterModule, "component" | "path">): string {
  const path = canonicalPath(module.component, module.path);
  const denoiser = module.component === "model" && DENOISER_BLOCKS.some((root) => path.startsWith(root));
  return `${denoiser ? "unet" : canonicalComponent(module.component)}/${path}`;
}

/** The path part of the key. */
export function canonicalPath(component: Component | undefined, path: string): string {
  const underscored = path.replaceAll(".", "_");
  return component === undefined || component === "unet" || component === "model"
    ? diffusersUnetPath(underscored)
    : underscored;
}

/** Dialects differ on whether a denoiser is called U-Net or transformer; no model has both. */
export function canonicalComponent(component: Component): Component {
  return component === "transformer" ? "unet" : component;
}
