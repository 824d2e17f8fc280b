import { LoraError } from "@lora/tensor";
import type { LoraConfig } from "../config/lora-config.ts";
import type { AdapterTensors } from "../layers/layer-adapter.ts";
import type { AdapterPlace, Initialise, InitialAdapter } from "./adapter-place.ts";

/** How to load an adapter. */
export interface LoadOptions {
  /** Pass over factors of another shape, and name them. False when left out. */
  readonly ignoreMismatched?: boolean | undefined;
  /**
   * The initialiser that an adapter began with, for those that take their start off the base: its `base` is used, its tensors
   * are not.
   */
  readonly initialise?: Initialise | undefined;
}

/** What came of loading an adapter. */
export interface LoadReport {
  /** Names that the configuration asks for and that are not there: those layers go without the adapter. */
  readonly missing: readonly string[];
  /** Names that nothing takes. */
  readonly unexpected: readonly string[];
  /** Names of factors of another shape that were passed over. */
  readonly mismatched: readonly string[];
  /** What PEFT would warn of. */
  readonly warnings: readonly string[];
}

/** Initialisations that leave another base than they found, which the file of an adapter does not hold. */
const BASE_CHANGING = /^(?:pissa|olora|corda|lora_ga|loftq)/;

/**
 * Refuses to load an adapter onto a base that it was not trained on.
 *
 * @throws LoraError MISSING when its initialisation changed the base and no initialiser is given
 */
export function demandInitialiser(
  { init_lora_weights: init }: LoraConfig,
  { initialise }: LoadOptions,
): void {
  if (initialise !== undefined || !BASE_CHANGING.test(String(init))) return;
  throw new LoraError(
    "MISSING",
    `the adapter began as ${init}, which changes the base weights, and there is no initialiser`,
    {
      init_lora_weights: init,
      advice: "give the initialiser as `initialise`, or convert the adapter to a plain LoRA",
    },
  );
}

/** The tensors of a file on the base that they were trained on. */
export async function onItsBase(
  place: AdapterPlace,
  tensors: AdapterTensors | undefined,
  { initialise }: LoadOptions,
): Promise<InitialAdapter | undefined> {
  if (tensors === undefined || !BASE_CHANGING.test(String(place.config.init_lora_weights))) return tensors;
  return { ...tensors, base: (await initialise!(place)).base };
}
