import type {
  AnalyseReport,
  InspectReport,
  ModuleAnalysis,
  ModuleSummary,
  ResizeReport,
  VerifyReport,
} from "@lora/jobs";
import type { Terminal } from "../terminal/terminal.ts";

/** A terminal of 100 columns without colours. */
export const plainTerminal: Terminal = { columns: 100, unicode: true, style: (_, text) => text };

/** Modules q and v of so many blocks of a small llama, rank 8 and 4. */
export function modulesOf(blocks: number): ModuleSummary[] {
  return Array.from({ length: blocks }, (_, block) => [
    module(block, "q_proj", 8),
    module(block, "v_proj", 4),
  ]).flat();
}

function module(block: number, layer: string, rank: number): ModuleSummary {
  const path = `model.layers.${block}.self_attn.${layer}`;
  return {
    name: `base_model.model.${path}`,
    component: "model",
    path,
    kind: "lora",
    layer: "linear",
    rank,
    alpha: 16,
    scale: 16 / rank,
    shape: [64, 64],
    dtype: "f32",
    bytes: rank * 128 * 4,
  };
}

/** What `inspect` says of such a file. */
export function inspectReport(blocks: number): InspectReport {
  return {
    job: "inspect",
    file: {
      name: "tales/adapter_model.safetensors",
      format: "safetensors",
      bytes: 13_168,
      tensors: 4 * blocks,
    },
    format: "safetensors",
    dialect: "peft",
    confidence: 1,
    reasons: ["all tensors end in lora_A.weight or lora_B.weight", "adapter_config.json says LORA"],
    baseArchitecture: "llama",
    modules: modulesOf(blocks),
    ranks: [
      { rank: 4, modules: blocks },
      { rank: 8, modules: blocks },
    ],
    fingerprint: null,
    extras: [
      {
        name: "score.weight",
        dtype: "f32",
        shape: [2, 64],
        bytes: 512,
        why: "saved whole (modules_to_save)",
      },
    ],
    metadata: { format: "pt", ss_output_name: "tales", ss_learning_rate: "0.0001" },
    config: { peft_type: "LORA", r: 8 },
    warnings: ["lora_alpha is not in the config: 16 is taken"],
  };
}

/** What `analyse` says of such a file: spectra halve from value to value. */
export function analyseReport(blocks: number, base: boolean): AnalyseReport {
  const modules = modulesOf(blocks).map((summary, index) => analysed(summary, 1 + (index % 5), base));
  return {
    job: "analyse",
    file: {
      name: "tales/adapter_model.safetensors",
      format: "safetensors",
      bytes: 13_168,
      tensors: 4 * blocks,
    },
    base: base
      ? { name: "base/model.safetensors", format: "safetensors", bytes: 1_040_000, tensors: 48 }
      : null,
    dialect: "peft",
    baseArchitecture: "llama",
    modules,
    summary: {
      frobenius: 6.53,
      meanStableRank: 1.33,
      zeroModules: 0,
      unpaired: base
        ? [{ module: "base_model.model.score", reason: "the base has no weight of this path" }]
        : [],
    },
    outlook: [
      { rank: 1, bytes: 2_480, relativeErrorFrobenius: 0.5 },
      { rank: 2, bytes: 4_528, relativeErrorFrobenius: 0.25 },
      { rank: 4, bytes: 8_624, relativeErrorFrobenius: 0.0625 },
      { rank: 8, bytes: 13_168, relativeErrorFrobenius: 0 },
    ],
    warnings: [],
  };
}

function analysed(summary: ModuleSummary, spectral: number, base: boolean): ModuleAnalysis {
  const singularValues = Array.from({ length: summary.rank }, (_, index) => spectral / 2 ** index);
  const against: Pick<ModuleAnalysis, "base"> = {
    base: {
      tensor: `${summary.path}.weight`,
      rows: null,
      spectralNorm: 10,
      frobeniusNorm: 25,
      subspaceFactors: singularValues.map((_, index) => (index % 2 === 0 ? 0.5 : -0.25)),
      subspaceRatios: singularValues.map((value, index) => value / (index % 2 === 0 ? 0.5 : 0.25)),
      svalRatios: singularValues.map((value) => value / 10),
    },
  };
  return {
    ...summary,
    singularValues,
    frobenius: Math.hypot(...singularValues),
    spectral,
    stableRank: 1.33,
    effectiveRank: 1.75,
    numericalRank: summary.rank,
    rank90: 2,
    rank99: 4,
    alphaOverRank: summary.scale,
    balance: 0.82,
    halfOverflow: 0,
    halfUnderflow: 3,
    zero: false,
    ...(base ? against : {}),
  };
}

/** What `resize` says of five blocks cut by energy. */
export function resizeReport(): ResizeReport {
  const modules = modulesOf(5).map(({ name, rank }, index) => ({
    name,
    rankBefore: rank,
    rankAfter: index % 4,
    relativeErrorFrobenius: index % 4 === 0 ? 1 : 0.3 / (index % 4),
    relativeErrorSpectral: index % 4 === 0 ? 1 : 0.2 / (index % 4),
  }));
  return {
    job: "resize",
    input: {
      name: "tales.safetensors",
      format: "safetensors",
      bytes: 13_168,
      tensors: 20,
      rank: { modules: 10, min: 4, max: 8, total: 60 },
      dialect: "kohya",
    },
    rule: { id: "energy", title: "energy 0.9", threshold: null },
    output: {
      path: "small.safetensors",
      bytes: 4_100,
      rank: { modules: 7, min: 1, max: 3, total: 13 },
      dtype: "f16",
    },
    relativeErrorFrobenius: 0.2345,
    modules,
    dropped: modules
      .filter(({ rankAfter }) => rankAfter === 0)
      .map(({ name }) => ({ name, reason: "its update is zero" })),
    folded: ["conv_in: the Tucker core (lora_mid) is folded into the down factor"],
    passedThrough: [{ name: "score.weight", dtype: "f32", shape: [2, 64], bytes: 512, why: "saved whole" }],
    warnings: [],
  };
}

/** What `verify` says of two blocks, one module of them off. */
export function verifyReport(passed: boolean): VerifyReport {
  return {
    job: "verify",
    a: { name: "a.safetensors", format: "safetensors", bytes: 13_168, tensors: 8 },
    b: { name: "b.safetensors", format: "safetensors", bytes: 6_640, tensors: 8 },
    tolerance: 0.001,
    passed,
    relativeErrorFrobenius: passed ? 0.0002 : 0.031,
    modules: modulesOf(2).map(({ name, rank }, index) => ({
      name,
      other: !passed && index === 3 ? null : name.replaceAll(".", "_"),
      rankA: rank,
      rankB: !passed && index === 3 ? 0 : rank / 2,
      relativeErrorFrobenius: passed ? 0.0002 : index * 0.02,
      relativeErrorSpectral: passed ? 0.0001 : index * 0.01,
      withinTolerance: passed || index === 0,
    })),
    onlyInA: passed ? [] : ["base_model.model.model.layers.1.self_attn.v_proj"],
    onlyInB: [],
    extras: passed ? [] : [{ name: "score.weight", difference: "values differ from byte 4 on" }],
  };
}
