import { LoraError } from "@lora/tensor";
import type { ModuleSettings } from "../adapter.ts";
import type { JsonObject } from "../config/json-text.ts";
import { PEFT_CONFIG } from "../config/lora-config-text.ts";
import { peftOftOutputs } from "../kinds/peft-oft-outputs.ts";
import { peftOftScaled } from "../kinds/peft-oft-scaled.ts";
import type { PlacedKind } from "./_dialect.ts";
import { pythonFullMatch } from "../config/python-pattern.ts";

/** OFT of versions that had the Cayley transform alone. */
const BEFORE_SERIES = [peftOftOutputs.id, peftOftScaled.id];

/** Terms of the series where OFT's configuration does not say. */
const TERMS = 5;
/** PEFT's `eps` where it does not say. */
const BOUND = 6e-5;

/**
 * What PEFT's configuration of OFT or (IA)³ says of how a module acts.
 *
 * @throws LoraError FORMAT when a number is none
 */
export function methodSettings(
  fields: JsonObject,
  { path, kind }: Pick<PlacedKind, "path" | "kind">,
): ModuleSettings | undefined {
  if (fields["peft_type"] === "OFT") {
    const isSeries = !BEFORE_SERIES.includes(kind) && isSet(fields, "use_cayley_neumann", true);
    if (isSeries) demandSeriesOf018(fields);
    return {
      seriesTerms: isSeries ? numberOf(fields, "num_cayley_neumann_terms", TERMS) : undefined,
      bound: isSet(fields, "coft", false) ? numberOf(fields, "eps", BOUND) : undefined,
    };
  }
  if (fields["peft_type"] === "IA3") return { onInput: isFeedforward(fields["feedforward_modules"], path) };
  return undefined;
}

function isSet(fields: JsonObject, field: string, initial: boolean): boolean {
  return (fields[field] ?? initial) === true;
}

function numberOf(fields: JsonObject, field: string, initial: number): number {
  const value = fields[field] ?? initial;
  if (typeof value === "number" && value > 0) return value;
  throw new LoraError("FORMAT", `${field} is ${JSON.stringify(value)}, and no number above 0`, {
    sidecar: PEFT_CONFIG,
    field,
  });
}

/** A list names the ends of paths, a text is matched whole. */
function isFeedforward(names: unknown, path: string): boolean {
  if (typeof names === "string") return pythonFullMatch(names)(path);
  return Array.isArray(names) && names.some((end) => typeof end === "string" && path.endsWith(end));
}

/** The series was another one before PEFT 0.18, which also began to write its version. */
function demandSeriesOf018(fields: JsonObject): void {
  const version = fields["peft_version"];
  const [, major = "0", minor = "0"] = /^(\d+)\.(\d+)/u.exec(String(version)) ?? [];
  if (Number(major) > 0 || Number(minor) >= 18) return;
  throw new LoraError(
    "UNSUPPORTED",
    "the series of this OFT (use_cayley_neumann) is that of PEFT before 0.18",
    {
      sidecar: PEFT_CONFIG,
      peftVersion: version,
      advice: "merge it with PEFT 0.17, which is the last that knows it",
    },
  );
}
