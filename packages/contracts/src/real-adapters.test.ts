import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { openFile, type OpenedFile } from "@lora/io/node";
import { columns, transpose } from "@lora/linalg";
import {
  type Adapter,
  type EncodedFactors,
  loadDelta,
  type ModuleChange,
  readAdapter,
  rewriteAdapter,
} from "@lora/peft";
import { encode } from "@lora/tensor";
import { afterEach, describe, expect, test } from "vitest";

const DATA = resolve(import.meta.dirname, "../../..", process.env["LORA_DATA"] ?? "../shared/data");
const PEFT = "peft-adapters/saraelsafty-movies/adapter_model.safetensors";
const PEFT_SAVED = "peft-prs/monteclora-roberta-mrpc/adapter_model.safetensors";
const LEGACY = "sd15-diffusers/catundchat/pytorch_lora_weights.safetensors";
const NUMBERED = "cloneofsimo-lora/analog_svd_rank4.safetensors";

type Spectra = Readonly<
  Record<string, { readonly singular_values: Readonly<Record<string, readonly number[]>> }>
>;

const opened: OpenedFile[] = [];

async function adapterAt(path: string): Promise<Adapter> {
  const file = await openFile(resolve(DATA, path));
  opened.push(file);
  return readAdapter(file);
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((file) => file.close()));
});

describe.skipIf(!existsSync(DATA))("adapters that others trained", () => {
  test.each([
    [PEFT, "peft", "transformer", 24, 0, 2],
    [PEFT_SAVED, "peft", "transformer", 24, 4, 2],
    [LEGACY, "diffusers-legacy", "sd1", 128, 0, 1],
    [NUMBERED, "cloneofsimo", "unknown", 192, 0, 1],
    ["lycoris-lokr/smart_falcon_4_lokr.safetensors", "lycoris", "sd1", 350, 0, 1],
    ["lycoris-lokr/smart_falcon_16_lokr.safetensors", "lycoris", "sd1", 350, 0, 1],
    ["mlx/wyek1n/0000100_adapters.safetensors", "mlx", "llama", 8, 0, 10],
    ["sam-lora/lora_rank2.safetensors", "sam-lora", "unknown", 24, 0, 1],
  ])("%s is %s for %s", async (path, dialect, architecture, modules, extras, scale) => {
    const adapter = await adapterAt(path);
    expect([adapter.detection.dialect, adapter.baseArchitecture]).toEqual([dialect, architecture]);
    expect([adapter.modules.length, adapter.extras.length]).toEqual([modules, extras]);
    expect(new Set(adapter.modules.map((module) => module.scale))).toEqual(new Set([scale]));
  });

  test.each([PEFT, PEFT_SAVED, LEGACY])(
    "its updates have the singular values that LAPACK finds: %s",
    async (path) => {
      const all = JSON.parse(readFileSync(resolve(DATA, "goldens_spectra.json"), "utf8")) as Spectra;
      const golden = all[path].singular_values;
      const { modules } = await adapterAt(path);
      expect(modules).toHaveLength(Object.keys(golden).length);
      for (const module of modules) {
        const { s } = (await loadDelta(module)).svd();
        const expected = golden[module.name.replace(/_lora$/, "")];
        // The list has nine digits.
        expected.forEach((value, index) => expect(Math.abs(s[index] / value - 1)).toBeLessThan(1e-8));
      }
    },
  );

  test.each([
    [
      "peft-prs/glue-adapter-ckpt/adapter_model.safetensors",
      "the adapter is of PEFT's type UNILORA, which is not handled here",
    ],
  ])("%s is refused by what it is", async (path, message) => {
    await expect(adapterAt(path)).rejects.toMatchObject({ code: "UNSUPPORTED", message });
  });

  test("at rank 2 every update of a PEFT adapter is off by the singular values that were left out", async () => {
    const adapter = await adapterAt(PEFT);
    const again = await readAdapter(rewriteAdapter(adapter, truncated(adapter, 2)));
    for (const [index, module] of adapter.modules.entries()) {
      const [before, after] = [await loadDelta(module), await loadDelta(again.modules[index])];
      const left = Math.hypot(...before.svd().s.subarray(2));
      const squared = before.inner(before) - 2 * before.inner(after) + after.inner(after);
      // Factors are stored in f32, and the difference of squares cancels.
      expect(Math.abs(Math.sqrt(Math.max(0, squared)) - left)).toBeLessThan(1e-5 * before.frobeniusNorm());
      expect(again.modules[index]).toMatchObject({ rank: 2, scale: 2, alpha: 4 });
    }
    expect(JSON.parse(again.file.sidecars.get("adapter_config.json")!)).toMatchObject({
      r: 2,
      lora_alpha: 4,
      rank_pattern: {},
    });
  });
});

function truncated(adapter: Adapter, rank: number): Map<string, ModuleChange> {
  const kept = Array.from({ length: rank }, (_, index) => index);
  return new Map(
    adapter.modules.map((module) => {
      const { dtype } = module;
      const factors = (storedScale: number) => async (): Promise<EncodedFactors> => {
        const { u, s, v } = (await loadDelta(module)).svd();
        const up = columns(u, kept).data.map((value, index) => (value * s[index % rank]) / storedScale);
        return { up: encode(up, dtype), down: encode(transpose(columns(v, kept)).data, dtype) };
      };
      return [module.name, { kind: "replace", rank, dtype, factors }];
    }),
  );
}
