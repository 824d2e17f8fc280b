/** Model types of transformers by the targets that PEFT takes where none are named. */
const MODELS: readonly (readonly [targets: readonly string[] | string, models: readonly string[]])[] = [
  [
    ["q", "v"],
    ["t5", "mt5"],
  ],
  [
    ["q_proj", "v_proj"],
    [
      "bart",
      "opt",
      "gptj",
      "gpt_neo",
      "llama",
      "llama4",
      "mistral",
      "mixtral",
      "stablelm",
      "gemma",
      "gemma2",
    ],
  ],
  [
    ["q_proj", "v_proj"],
    ["gemma3_text", "qwen2", "qwen3"],
  ],
  [["c_attn"], ["gpt2", "gpt_bigcode"]],
  [["query_key_value"], ["bloom", "gpt_neox", "chatglm", "RefinedWebModel", "RefinedWeb", "falcon"]],
  [
    ["query", "value"],
    ["bert", "roberta", "xlm-roberta", "electra", "layoutlm"],
  ],
  [["query_proj", "value_proj"], ["deberta-v2"]],
  [["in_proj"], ["deberta"]],
  [["q", "v", "q_proj", "v_proj"], ["blip-2"]],
  [["Wqkv"], ["mpt"]],
  [["c_proj", "c_attn"], ["btlm"]],
  [["qkv_proj"], ["codegen"]],
  [["q_proj", "v_proj", "fc1", "fc2"], ["phi"]],
  [String.raw`.*language_model\..*\.(q_proj|v_proj)`, ["gemma4"]],
  [["q_proj", "k_proj", "v_proj", "o_proj"], ["nemotron_h"]],
  [["key", "value", "receptance", "output"], ["rwkv"]],
  [["r_proj", "k_proj", "v_proj", "o_proj", "key", "value"], ["rwkv7"]],
];

/**
 * The targets that PEFT 0.21 takes for a type of model where a configuration names none; undefined for a type it does
 * not know.
 *
 * @see peft/utils/constants.py TRANSFORMERS_MODELS_TO_LORA_TARGET_MODULES_MAPPING
 */
export function defaultTargets(modelType: string): readonly string[] | string | undefined {
  return MODELS.find(([, models]) => models.includes(modelType))?.[0];
}

/** Every type of model that has default targets. */
export const MODELS_WITH_TARGETS: readonly string[] = MODELS.flatMap(([, models]) => models);
