import type { TensorFile } from "@lora/tensor";
import { LoraError } from "@lora/tensor";
import type { JsonObject } from "../config/json-text.ts";
import { parseObject } from "../config/json-text.ts";
import { numberSpellings } from "../config/number-spellings.ts";
import { PEFT_CONFIG } from "../config/lora-config-text.ts";
import { pythonJson } from "../config/python-json.ts";
import { alphaScaling } from "./_alpha-scaling.ts";
import type { Dialect, Scaling, Texts, WrittenModule } from "./_dialect.ts";
import { census, detection } from "./_score.ts";
import type { Spelling } from "./_spelling.ts";
import { parseEnding, printEnding } from "./_spelling.ts";

const SPELLINGS: readonly Spelling[] = [
  { id: "pair", endings: { "down-transposed": ".lora_a", "up-transposed": ".lora_b" } },
];

/** What MLX LM multiplies with where its configuration is silent. */
const DEFAULT_SCALE = 20;

/**
 * Adapters of MLX LM: `lora_a` (in × r) and `lora_b` (r × out), both transposed against everyone else's, and one scale
 * for all in the configuration beside them, which is no alpha: it is not divided by the rank.
 */
export const mlx: Dialect = {
  id: "mlx",
  title: "MLX LM",
  source: "https://github.com/ml-explore/mlx-lm mlx_lm/tuner/lora.py, utils.py",
  keepsEveryModule: true,
  distinct: false,
  score(names, file) {
    const found = census(names, mlx.parse);
    const configured = isConfigured(file);
    const reasons = [
      configured ? `${PEFT_CONFIG} has lora_parameters` : "no configuration of MLX LM beside it",
    ];
    return detection("mlx", names, { census: found, weight: configured ? 1 : 0.9, reasons });
  },
  parse(name) {
    const parsed = parseEnding(SPELLINGS, name);
    // With `.weight` before it, it is a name of llama.cpp.
    if (parsed === undefined || parsed.module.endsWith(".weight")) return undefined;
    return /(?:^|\.)(?:embed_tokens|wte)$/.test(parsed.module) ? { ...parsed, layer: "embedding" } : parsed;
  },
  print: (module, part, spelling) => printEnding(SPELLINGS, module, { part, spelling }),
  place: (module) => ({ component: "model", path: module }),
  scaling: configuredScaling,
  texts: updatedTexts,
};

function parametersOf(file: TensorFile): JsonObject | undefined {
  const text = file.sidecars.get(PEFT_CONFIG);
  const parameters = text === undefined ? undefined : parseObject(text, PEFT_CONFIG)["lora_parameters"];
  return typeof parameters === "object" && parameters !== null && !Array.isArray(parameters)
    ? (parameters as JsonObject)
    : undefined;
}

function isConfigured(file: TensorFile): boolean {
  try {
    return parametersOf(file) !== undefined;
  } catch {
    return false;
  }
}

function configuredScaling(file: TensorFile): Scaling {
  const parameters = parametersOf(file);
  if (parameters === undefined) {
    throw new LoraError(
      "MISSING",
      `${PEFT_CONFIG} with lora_parameters is not beside the weights, and their scale is only there`,
      {
        file: file.name,
        sidecar: PEFT_CONFIG,
        advice: `put the adapter's ${PEFT_CONFIG} into the same folder`,
      },
    );
  }
  const scale = parameters["scale"] ?? DEFAULT_SCALE;
  if (typeof scale !== "number" || !Number.isFinite(scale) || scale === 0) {
    throw new LoraError(
      "FORMAT",
      `lora_parameters.scale must be a number other than 0, and is ${JSON.stringify(scale)}`,
      {
        sidecar: PEFT_CONFIG,
        field: "lora_parameters.scale",
      },
    );
  }
  const same = { alpha: undefined, scale, source: "config" } as const;
  return { ...alphaScaling, of: () => same, at: () => same };
}

/** The configuration with the rank of the pairs. */
function updatedTexts(file: TensorFile, modules: readonly WrittenModule[]): Texts {
  const text = file.sidecars.get(PEFT_CONFIG);
  const parameters = parametersOf(file);
  if (text === undefined || parameters === undefined)
    return { metadata: file.metadata, sidecars: file.sidecars };
  const rank = commonRank(modules);
  const fields = { ...parseObject(text, PEFT_CONFIG), lora_parameters: { ...parameters, rank } };
  const updated = pythonJson(fields, { sorted: false, spellings: numberSpellings(text) });
  return { metadata: file.metadata, sidecars: new Map(file.sidecars).set(PEFT_CONFIG, updated) };
}

/** MLX LM makes every pair of the one rank that its configuration has, so a file of several cannot be loaded. */
function commonRank(modules: readonly WrittenModule[]): number {
  const ranks = [...new Set(modules.map((module) => module.rank))];
  const [rank] = ranks;
  if (rank !== undefined && ranks.length === 1) return rank;
  throw new LoraError(
    "UNSUPPORTED",
    `MLX LM loads pairs of one rank only, and these have ${ranks.length} ranks`,
    {
      ranks,
      advice: "choose one rank for all modules",
    },
  );
}
