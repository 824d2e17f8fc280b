import { LoraError } from "@lora/tensor";
import { bindOptions } from "../rank/_bind-options.ts";
import type { RankOptionValues } from "../rank/_rank-rule.ts";
import { nameAdvice } from "../rank/_nearest.ts";
import { initialisers } from "./_index.ts";
import type { BoundInitialiser } from "./_initialiser.ts";

/** How PEFT spells the number of passes. */
const NITER = /^pissa_niter_(\d+)$/;

/**
 * An initialiser by its id, or as PEFT spells it (`pissa_niter_16`), with options given as text or as values.
 *
 * @throws LoraError USAGE when there is no such initialiser; when an option is unknown, of another kind, or breaks
 *   its rule
 */
export function bindInitialiser(id: string, given: RankOptionValues = {}): BoundInitialiser {
  const passes = NITER.exec(id)?.[1];
  if (passes !== undefined) return bindInitialiser("pissa_niter", { ...given, iterations: passes });
  const initialiser = initialisers.find((candidate) => candidate.id === id);
  if (initialiser === undefined) {
    throw new LoraError("USAGE", `there is no initialiser ${id}`, {
      initialiser: id,
      advice: nameAdvice(
        id,
        initialisers.map((candidate) => candidate.id),
      ),
    });
  }
  return initialiser.bind(
    bindOptions({ what: `the initialiser ${id}`, options: initialiser.options }, given),
  );
}
