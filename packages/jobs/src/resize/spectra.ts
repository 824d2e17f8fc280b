import { baseFrobeniusNorm, baseSpectralNorm, baseSubspaceFactors, baseWeight } from "@lora/metrics";
import type { Svd } from "@lora/linalg";
import {
  type Adapter,
  type AdapterModule,
  type BaseNeed,
  type BaseReference,
  type ModuleSpectrum,
  pairWithBase,
  type PairedWeight,
} from "@lora/peft";
import { type JobContext, LoraError, type TensorFile } from "@lora/tensor";
import type { Decompositions } from "../decompositions.ts";
import { finiteBaseWeight, type WeightPlace } from "../finite-base-weight.ts";

/** Where the spectra of an adapter come from. */
export interface SpectrumSource {
  readonly adapter: Adapter;
  readonly base: TensorFile | undefined;
  readonly decompositions: Decompositions;
  readonly seed: number;
}

/**
 * The spectra of all modules, in their order, with the facts of the base weights that are needed. One module
 * and its base weight are in memory at a time, besides what `decompositions` keeps.
 *
 * @throws LoraError USAGE when facts of a base are needed and there is none; MISSING when the base lacks a module
 */
export async function measureSpectra(
  source: SpectrumSource,
  needs: ReadonlySet<BaseNeed>,
  context: JobContext,
): Promise<ModuleSpectrum[]> {
  const { modules } = source.adapter;
  const pairs = needs.size > 0 ? pairEveryModule(source, needs) : undefined;
  const spectra: ModuleSpectrum[] = [];
  for (const module of modules) {
    const svd = await source.decompositions.svd(module, context.signal);
    const pair = pairs?.get(module.name);
    const base =
      pair &&
      (await baseReference(
        { module, pair, file: source.base!.name, svd, seed: source.seed },
        needs,
        context.signal,
      ));
    spectra.push(spectrum(module, svd, base));
    context.onProgress?.({
      phase: "decomposing",
      done: spectra.length,
      total: modules.length,
      unit: "modules",
    });
  }
  return spectra;
}

function spectrum(module: AdapterModule, { u, s, v }: Svd, base: BaseReference | undefined): ModuleSpectrum {
  const kernel = module.shape.slice(2).some((size) => size > 1);
  return {
    name: module.name,
    layer: module.layer,
    kernel,
    out: u.rows,
    in: v.rows,
    s,
    scale: module.scale,
    base,
  };
}

function pairEveryModule(
  source: SpectrumSource,
  needs: ReadonlySet<BaseNeed>,
): ReadonlyMap<string, PairedWeight> {
  if (source.base === undefined) {
    throw new LoraError(
      "USAGE",
      `this rule reads the base model (${[...needs].join(", ")}), and none was given`,
      {
        file: source.adapter.file.name,
        advice:
          "name the base with --base, or choose a rule that needs none, e.g. --energy 0.95 or --recipe spn_lora=1,thr=-1",
      },
    );
  }
  const pairing = pairWithBase(source.adapter, source.base);
  const [first] = pairing.unpaired;
  if (first === undefined) return pairing.pairs;
  throw new LoraError(
    "MISSING",
    `the base has no weight for ${pairing.unpaired.length} of ${source.adapter.modules.length} modules: ${first.reason}`,
    {
      file: source.base.name,
      module: first.module,
      nearest: first.nearest,
      advice: "give the base model this adapter was trained on, with all its parts (text encoders too)",
    },
  );
}

interface Measured extends WeightPlace {
  readonly svd: Svd;
  readonly seed: number;
}

async function baseReference(
  { svd, seed, ...place }: Measured,
  needs: ReadonlySet<BaseNeed>,
  signal: AbortSignal | undefined,
): Promise<BaseReference> {
  const base = baseWeight(await finiteBaseWeight(place, signal), { seed });
  const input = { update: svd, base };
  return {
    spectralNorm: needs.has("spectralNorm") ? baseSpectralNorm.compute(input) : undefined,
    frobeniusNorm: needs.has("frobeniusNorm") ? baseFrobeniusNorm.compute(input) : undefined,
    subspaceFactors: needs.has("subspaceFactors") ? baseSubspaceFactors.compute(input) : undefined,
  };
}
