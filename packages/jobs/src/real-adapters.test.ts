import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { openFile } from "@lora/io/node";
import { describe, expect, test } from "vitest";
import { analyse } from "./index.ts";

const data = path.resolve(import.meta.dirname, "../../..", process.env["LORA_DATA"] ?? "../shared/data");

/** Files of containers that are read. */
const SUPPORTED = [
  "peft-adapters/saraelsafty-movies/adapter_model.safetensors",
  "peft-prs/monteclora-roberta-mrpc/adapter_model.safetensors",
  "sd15-diffusers/catundchat/pytorch_lora_weights.safetensors",
  "cloneofsimo-lora/analog_svd_rank4.safetensors",
  "mlx/wyek1n/0000200_adapters.safetensors",
  "sam-lora/lora_rank2.safetensors",
  "sam-lora/lora_rank6.safetensors",
  "sam-lora/lora_rank8.safetensors",
];

describe.skipIf(!existsSync(data))("singular values of real adapters, by float64 LAPACK", () => {
  const goldens = existsSync(data)
    ? (JSON.parse(readFileSync(path.join(data, "goldens_spectra.json"), "utf8")) as Record<
        string,
        { scale: number; singular_values: Record<string, number[]> }
      >)
    : {};

  test.each(SUPPORTED)("%s", async (name) => {
    const { singular_values: expected } = goldens[name]!;
    const file = await openFile(path.join(data, name));
    const report = await analyse(file);
    await file.close();
    expect(report.modules).toHaveLength(Object.keys(expected).length);
    for (const module of report.modules) {
      const values = expected[module.name] ?? expected[goldenName(module.name)];
      expect(values, module.name).toBeDefined();
      expect(module.singularValues).toHaveLength(values!.length);
      values!.forEach((value, index) => {
        expect(Math.abs(module.singularValues[index]! - value)).toBeLessThanOrEqual(1e-6 * values![0]!);
      });
    }
  });
});

/** The list names diffusers' attention processors without the `_lora` of their projections, and SAM's pairs by number. */
function goldenName(name: string): string {
  return name.replace(/^(?:unet\.|w_)/, "").replace(/_lora$/, "");
}
