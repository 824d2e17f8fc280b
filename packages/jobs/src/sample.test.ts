import { readFileSync } from "node:fs";
import path from "node:path";
import { openFile } from "@lora/io/node";
import { describe, expect, test } from "vitest";
import { analyse } from "./index.ts";

const root = path.resolve(import.meta.dirname, "../../..");

/** Made by torch in float64 from the shipped files. */
interface Expected {
  readonly base: string;
  readonly adapters: Readonly<Record<string, { readonly modules: readonly ExpectedModule[] }>>;
}

interface ExpectedModule {
  readonly name: string;
  readonly shape: readonly number[];
  readonly rank: number;
  readonly alpha: number;
  readonly scale: number;
  readonly singularValues: readonly number[];
  readonly frobeniusNorm: number;
  readonly baseSpectralNorm?: number;
  readonly baseFrobeniusNorm?: number;
  readonly baseFactors?: readonly number[];
}

const expected = JSON.parse(
  readFileSync(path.join(root, "tooling/sample/expected.json"), "utf8"),
) as Expected;

describe.each(Object.entries(expected.adapters))("%s as torch sees it", async (adapter, { modules }) => {
  const [file, base] = await Promise.all(
    [adapter, expected.base].map((name) => openFile(path.join(root, name))),
  );
  const report = await analyse(file!, { base });
  await Promise.all([file!.close(), base!.close()]);

  test("every module is found and paired with its base weight", () => {
    expect(new Set(report.modules.map((module) => module.base?.tensor))).toEqual(
      new Set(modules.map(({ name }) => name)),
    );
    expect(report.summary.unpaired).toEqual([]);
  });

  test.each(modules.map((module) => [module.name, module] as const))("%s", (name, module) => {
    const ours = report.modules.find((each) => each.base?.tensor === name)!;
    expect(ours).toMatchObject({ shape: module.shape, rank: module.rank, alpha: module.alpha });
    expect(ours.scale).toBeCloseTo(module.scale, 10);
    const largest = module.singularValues[0]!;
    module.singularValues.forEach((value, index) => {
      expect(Math.abs(ours.singularValues[index]! - value)).toBeLessThan(1e-10 * largest);
    });
    expect(ours.frobenius / module.frobeniusNorm).toBeCloseTo(1, 10);
    if (module.baseSpectralNorm === undefined) return;
    expect(ours.base!.spectralNorm / module.baseSpectralNorm).toBeCloseTo(1, 6);
    expect(ours.base!.frobeniusNorm / module.baseFrobeniusNorm!).toBeCloseTo(1, 10);
    module.baseFactors!.forEach((factor, index) => {
      expect(Math.abs(ours.base!.subspaceFactors[index]! - factor)).toBeLessThan(
        1e-8 * module.baseSpectralNorm!,
      );
    });
  });
});
