import { LoraError } from "@lora/tensor";
import type { Adapter, AdapterModule, Component } from "../adapter.ts";

/** A module and the adapter it is from. */
export interface ForeignModule {
  readonly module: AdapterModule;
  readonly from: Adapter;
}

/**
 * What a module of another adapter is called in this one. In one dialect names are the same. From one dialect to
 * another the prefix is that of a module of the same component, and dots become underscores where they are not used;
 * underscores cannot become dots by rule.
 *
 * @throws LoraError UNSUPPORTED when this adapter has no such component, or needs dots that the name has not
 */
export function spellModule(adapter: Adapter, { module, from }: ForeignModule): string {
  if (adapter.detection.dialect === from.detection.dialect) return module.name;
  const sibling = adapter.modules.find(
    ({ component, name, path }) => isSame(component, module.component) && name.endsWith(path),
  );
  if (sibling === undefined)
    throw unspeakable(adapter, { module, from }, `has no module of ${module.component}`);
  const dotted = adapter.modules.some(({ path }) => path.includes("."));
  if (dotted && !module.path.includes("."))
    throw unspeakable(adapter, { module, from }, "has dots in its names");
  const prefix = sibling.name.slice(0, sibling.name.length - sibling.path.length);
  return prefix + (dotted ? module.path : module.path.replaceAll(".", "_"));
}

/** Dialects differ on whether a denoiser is called U-Net or transformer; no model has both. */
function isSame(a: Component, b: Component): boolean {
  const common = (component: Component): Component => (component === "transformer" ? "unet" : component);
  return common(a) === common(b);
}

function unspeakable(adapter: Adapter, { module, from }: ForeignModule, why: string): LoraError {
  const [dialect, other] = [adapter.detection.dialect, from.detection.dialect];
  return new LoraError(
    "UNSUPPORTED",
    `${module.name} has no name in ${dialect}: ${adapter.file.name} ${why}`,
    {
      module: module.name,
      file: from.file.name,
      dialect: other,
      advice: `name ${from.file.name} first, so that names of ${other} are written, or give files of one dialect`,
    },
  );
}
