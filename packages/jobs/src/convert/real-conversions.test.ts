import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type OpenedFile, openFile, writeFile } from "@lora/io/node";
import { wasmEngine } from "@lora/linalg";
import type { TensorFile } from "@lora/tensor";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { convert, type ConvertReport, verify } from "../index.ts";

const data = path.resolve(import.meta.dirname, "../../../..", process.env["LORA_DATA"] ?? "../shared/data");

/** Every adapter of the folder that is of a kind that is read, and the dialect it goes back to. */
const ADAPTERS: readonly (readonly [file: string, dialect: string])[] = [
  ["peft-adapters/saraelsafty-movies/adapter_model.safetensors", "peft"],
  ["peft-adapters/wujindou-bloom/adapter_model.bin", "peft"],
  ["peft-prs/monteclora-roberta-mrpc/adapter_model.safetensors", "peft"],
  ["peft-regression/lora_mlp/0.6.1/adapter_model.bin", "peft"],
  ["peft-regression/lora_mlp_modules_to_save/0.6.1/adapter_model.bin", "peft"],
  ["peft-regression/adalora_mlp/0.6.1/adapter_model.bin", "peft"],
  ["mlx/wyek1n/0000100_adapters.safetensors", "mlx"],
  ["mlx/wyek1n/0000200_adapters.safetensors", "mlx"],
  ["sam-lora/lora_rank2.safetensors", "sam-lora"],
  ["sam-lora/lora_rank6.safetensors", "sam-lora"],
  ["sam-lora/lora_rank8.safetensors", "sam-lora"],
  ["sd15-diffusers/catundchat/pytorch_lora_weights.safetensors", "diffusers-legacy"],
  ["sd15-diffusers/catundchat/pytorch_lora_weights.bin", "diffusers-legacy"],
  ["cloneofsimo-lora/analog_svd_rank4.safetensors", "cloneofsimo"],
  ["loralib/microsoft-LoRA/roberta_base_lora_mnli.bin", "loralib"],
  ["lycoris-lokr/smart_falcon_4_lokr.safetensors", "kohya"],
  ["lycoris-lokr/smart_falcon_16_lokr.safetensors", "kohya"],
];

/** Those of kinds that are not read, and why. */
const REFUSED: readonly (readonly [file: string, message: RegExp])[] = [
  ["peft-adapters/inishpy-libero/adapter_model.bin", /^none of the 606 tensors is a factor/],
  ["peft-prs/glue-adapter-ckpt/adapter_model.safetensors", /UNILORA/],
  ["cloneofsimo-lora/analog_svd_distill.text_encoder.pt", /^none of the 96 tensors is a factor/],
];

/** As the command line has it: what is converted here takes gigabytes. */
const context = { engine: wasmEngine(), sha256: () => createHash("sha256") };

let folder = "";
beforeAll(() => void (folder = mkdtempSync(path.join(tmpdir(), "convert-"))));
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes a conversion to the disk, reads it again and has it compared. */
async function written(file: TensorFile, to: string, name: string): Promise<[OpenedFile, ConvertReport]> {
  const output = await convert(file, { to, dtype: "f32" }, context);
  const place = await writeFile(output.file, path.join(folder, `${name}.safetensors`), { force: true });
  const again = await openFile(place.path);
  return [again, await output.verify(again, place)];
}

describe.skipIf(!existsSync(data))("every real adapter", () => {
  test.each(ADAPTERS)("%s becomes PEFT and goes back to %s", { timeout: 600_000 }, async (name, dialect) => {
    const file = await openFile(path.join(data, name));
    const [peft, there] = await written(file, "peft", "peft");
    const [again, back] = await written(peft, dialect, "back");
    const whole = await verify(file, again, {}, context);
    if (file.name.includes("lokr")) expect(there.unfolded).toHaveLength(350);
    await Promise.all([file.close(), peft.close(), again.close()]);
    expect([there.passed, back.passed]).toEqual([true, true]);
    expect(there.relativeErrorFrobenius).toBeLessThanOrEqual(1e-6);
    expect(whole.relativeErrorFrobenius).toBeLessThanOrEqual(1e-6);
    expect([whole.onlyInA, whole.onlyInB]).toEqual([[], []]);
  });

  test.each(REFUSED)("%s is refused", async (name, message) => {
    const file = await openFile(path.join(data, name));
    await expect(convert(file, { to: "peft" })).rejects.toThrow(message);
    await file.close();
  });
});
