import { describe, expect, test } from "vitest";
import { dataJson, fileOf, hasData } from "../files.test-helper.ts";
import { canonicalTarget } from "../pairing/canonical-target.ts";
import { readAdapter } from "../reading/read-adapter.ts";
import { dialectById } from "../reading/detect-dialect.ts";
import type { Adapter } from "../adapter.ts";

interface KeyMap {
  readonly ldm_diffusers_keymap: Readonly<Record<string, string>>;
}

/** Layers of a U-Net in both layouts, in the order of the map. */
function layersOf(model: string): { readonly ldm: string; readonly diffusers: string }[] {
  const { ldm_diffusers_keymap: map } = dataJson<KeyMap>(
    `keys/ai-toolkit-keymaps/stable_diffusion_${model}.json`,
  );
  return Object.entries(map).flatMap(([ldm, diffusers]) => {
    const isLayer =
      diffusers.startsWith("unet_") && diffusers.endsWith(".weight") && !/norm|_layer_norm/u.test(diffusers);
    const path = (name: string, prefix: string): string => name.slice(prefix.length, -".weight".length);
    return isLayer ? [{ ldm: path(ldm, "model.diffusion_model."), diffusers: path(diffusers, "unet_") }] : [];
  });
}

/** An adapter of these layers, one pair each. */
async function adapterOf(
  modules: readonly string[],
  [down, up]: readonly [string, string],
): Promise<Adapter> {
  const names = modules.flatMap((module) => [`${module}${down}`, `${module}${up}`]);
  return readAdapter(fileOf(Object.fromEntries(names.map((name) => [name, [2, 2]]))));
}

const underscored = (path: string): string => path.replaceAll(".", "_");

/** Each layer of the maps as an adapter of four dialects names it. */
const WAYS = [
  [
    "kohya",
    "ldm",
    (path: string) => `lora_unet_${underscored(path)}`,
    [".lora_down.weight", ".lora_up.weight"],
  ],
  [
    "kohya",
    "diffusers",
    (path: string) => `lora_unet_${underscored(path)}`,
    [".lora_down.weight", ".lora_up.weight"],
  ],
  ["diffusers", "diffusers", (path: string) => `unet.${path}`, [".lora_A.weight", ".lora_B.weight"]],
  ["comfyui", "ldm", (path: string) => `diffusion_model.${path}`, [".lora_down.weight", ".lora_up.weight"]],
] as const;

describe.skipIf(!hasData)("the key maps of ai-toolkit, as adapters", () => {
  test.each(["sd1", "sd2", "sdxl", "refiner", "ssd", "vega"])("%s", async (model) => {
    const layers = layersOf(model);
    expect(layers.length).toBeGreaterThan(200);
    const targets: string[][] = [];
    for (const [dialect, layout, moduleOf, endings] of WAYS) {
      const modules = layers.map((layer) => moduleOf(layer[layout]));
      const adapter = await adapterOf(modules, endings);
      expect([adapter.detection.dialect, adapter.modules.length, adapter.extras]).toEqual([
        dialect,
        layers.length,
        [],
      ]);
      const spoken = dialectById(dialect);
      for (const { parts } of adapter.modules) {
        for (const { name } of parts.values()) {
          const { module, part, spelling } = spoken.parse(name)!;
          expect(spoken.print(module, part, spelling)).toBe(name);
        }
      }
      targets.push(adapter.modules.map((module) => canonicalTarget(module)));
    }
    for (const others of targets) expect(others).toEqual(targets[0]);
  });
});
