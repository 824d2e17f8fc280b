import { referenceEngine, wasmEngine } from "@lora/linalg";
import { readAdapter } from "@lora/peft";
import { describe, expect, test } from "vitest";
import { kohyaFile } from "../adapters.test-helper.ts";
import { type PostedModule, sendModule } from "../posted.ts";
import { decompose, type Decomposed, type Measured } from "./decompose.ts";
import type { Decision } from "./early-writer.ts";
import { writeFactors } from "./write-factors.ts";
import type { WriteOrder } from "./write-kept.ts";

// Values fall by 0.6 from one to the next, from 1 to 8 · 10⁻⁶.
const adapter = await readAdapter(
  kohyaFile({ lora_unet_a: { out: 300, in: 280, rank: 24, alpha: 12, dtype: "f16" } }),
);
const place = { module: adapter.modules[0]!, file: "made.safetensors" };
const posted = (await sendModule(place, { pool: {}, signal: undefined })) as PostedModule;
const input = { module: posted, weight: undefined, needs: [], seed: 0, inRuns: true };
const silent = { ask: () => Promise.reject(new Error("it asks")) };

/** The pairs before this one. */
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe.each([
  ["reference", referenceEngine],
  ["wasm", wasmEngine()],
] as const)("%s", (_, engine) => {
  /** What becomes of the module when so many pairs are kept, and all that was asked. */
  async function decomposed(count: number, writes: "now" | "later"): Promise<[Decomposed, Measured[]]> {
    const asked: Measured[] = [];
    const ask = async (measured: Measured): Promise<Decision> => {
      asked.push(measured);
      const order: WriteOrder = { kept: upTo(count), dtype: "f16", storedScale: 0.5, rescale: 1 };
      return { kept: order.kept, write: writes === "now" ? order : undefined };
    };
    return [await decompose.run({ ...input, asks: true }, engine, { ask }), asked];
  }

  const exact = (): Promise<Decomposed> | Decomposed =>
    decompose.run({ ...input, asks: false }, engine, silent);

  test("a cut far above rounding is decided by sums in runs, and what is told is what all digits tell", async () => {
    const [{ inRuns, s, written }, asked] = await decomposed(2, "now");
    const { basis, ...other } = await exact();
    expect([inRuns, asked.length, other.inRuns]).toEqual([true, 1, false]);
    upTo(3).forEach((i) => expect(s[i]! / other.s[i]!).toBeCloseTo(1, 6));
    const { order, factors } = written!;
    const { error } = await writeFactors.run({ module: posted, basis, inRuns: false, order }, engine, silent);
    expect(factors.error.frobenius / error.frobenius).toBeCloseTo(1, 5);
    expect(factors.error.spectral / error.spectral).toBeCloseTo(1, 5);
  });

  test("what is written later has the same bytes, from what was kept or found again", async () => {
    const [[now], [later]] = [await decomposed(2, "now"), await decomposed(2, "later")];
    const { inRuns, basis, written } = later;
    expect([inRuns, written]).toEqual([true, undefined]);
    const { order, factors } = now.written!;
    for (const known of [basis, undefined]) {
      const given = { module: posted, basis: known, inRuns, order };
      expect(await writeFactors.run(given, engine, silent)).toEqual(factors);
    }
  });

  test("a cut near what values may be off by is asked about again, with all digits", async () => {
    const [{ inRuns, s, written }, asked] = await decomposed(18, "now");
    const other = await exact();
    expect([inRuns, s, asked.map((each) => each.s)[1]]).toEqual([false, other.s, other.s]);
    expect([asked.length, written!.order.kept.length]).toEqual([2, 18]);
  });
});
