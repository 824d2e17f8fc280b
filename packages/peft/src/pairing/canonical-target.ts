import type { AdapterModule, Component } from "../adapter.ts";
import { diffusersUnetPath } from "./sgm-names.ts";

/**
 * A key for the base weight that a module changes: equal for modules of different dialects that change the same
 * one. The component, then the path with underscores for dots, original names of the Stable Diffusion U-Nets
 * turned into diffusers'. Layers that one dialect fuses and another splits (FLUX) stay different.
 *
 * @returns e.g. `unet/mid_block_attentions_0_proj_in`
 */
export function canonicalTarget(module: Pick<AdapterModule, "component" | "path">): string {
  return `${canonicalComponent(module.component)}/${canonicalPath(module.component, module.path)}`;
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
