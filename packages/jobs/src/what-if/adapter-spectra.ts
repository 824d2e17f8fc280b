import { type BaseNeed, type ModuleSpectrum, readAdapter } from "@lora/peft";
import type { TensorFile } from "@lora/tensor";
import { deviceWork } from "../device/device-work.ts";
import type { RunContext } from "../pool/run-context.ts";
import { type Origin, originOf } from "../provenance/provenance.ts";
import { readableModules } from "../readable-modules.ts";
import type { KnownNorms } from "../resize/known-norms.ts";
import { measureSpectra } from "../resize/spectra.ts";
import { type AdapterHeader, adapterHeader } from "./adapter-header.ts";

/** Everything that ranks are chosen by: plain data, postable; 8 bytes a singular value and some hundred a tensor. */
export interface AdapterSpectra {
  readonly header: AdapterHeader;
  /** In the order of the modules. */
  readonly spectra: readonly ModuleSpectrum[];
  /** What the metadata of an output will say, which takes some of its bytes. */
  readonly origin: Origin;
}

/** What `adapterSpectra` may be told; as for `resize`. */
export interface SpectraOptions {
  /** With it, rules that ask for facts of the base can be previewed too; every paired weight is read. */
  readonly base?: TensorFile | undefined;
  readonly dialect?: string | undefined;
  /** @default 0 */
  readonly seed?: number | undefined;
  readonly norms?: KnownNorms | undefined;
}

/** All that a rule can ask of a base. */
const EVERY_FACT: readonly BaseNeed[] = ["spectralNorm", "frobeniusNorm", "subspaceFactors"];

/**
 * The first half of `resize`, for any rule: what a preview is made from.
 *
 * @throws LoraError as `resize` does
 */
export async function adapterSpectra(
  file: TensorFile,
  { base, dialect, seed = 0, norms }: SpectraOptions = {},
  context: RunContext = {},
): Promise<AdapterSpectra> {
  const adapter = readableModules(await readAdapter(file, { dialect, signal: context.signal }));
  const device = context.backend && base && deviceWork(context.backend);
  const needs = new Set(base === undefined ? [] : EVERY_FACT);
  const measured = await measureSpectra({ adapter, base, seed, norms, device }, needs, context);
  const models = base === undefined ? [] : [base];
  const origin = await originOf({ adapters: [{ file }], models }, context);
  return { header: adapterHeader(adapter), spectra: measured.map(({ rule }) => rule), origin };
}
