/** A tensor that is no part of a low-rank pair, recognised by its name. */
export interface OtherTensor {
  /** What it is, as a short phrase, e.g. `LoKr`. */
  readonly what: string;
  /** The module it belongs to, where the name tells; else the name. */
  readonly module: string;
  /** `family`: another kind of adapter, in place of a pair. `companion`: something kept beside one. */
  readonly role: "family" | "companion";
}

type Rule = readonly [what: string, pattern: RegExp, role: OtherTensor["role"]];

/** Packed for a kernel, and one with the low-rank branch of its quantised base: no update of a weight can be told from it. */
export const SVDQUANT = "SVDQuant LoRA (nunchaku)";

// What stands before a match is the module; a pattern that begins with ^ tells none. Each ends with its name: one that
// sought the module too would try every dot of every name.
// Sources: LyCORIS module files, ComfyUI weight_adapter, PEFT tuners, mlx-lm, llama.cpp convert_lora_to_gguf,
// mit-han-lab/nunchaku nunchaku/lora/flux/nunchaku_converter.py, XLabs-AI/x-flux, MathieuNlp/Sam_LoRA, microsoft/LoRA.
const RULES: readonly Rule[] = [
  ["DoRA magnitude", /\.(?:dora_scale|lora_magnitude_vector(?:\.default)?(?:\.weight)?|m)$/, "companion"],
  ["bias of the low-rank path (lora_bias)", /\.lora_(?:B|up)(?:\.default)?\.bias$/, "companion"],
  ["sparse rest of an extracted difference", /\.bias_(?:indices|values|size)$/, "companion"],
  ["embedding bundled with the adapter", /^bundle_emb\..*$/, "companion"],
  ["trained token embeddings", /\.trainable_tokens_delta$/, "companion"],
  ["bias difference", /\.diff_b$/, "companion"],
  ["norm difference", /\.[wb]_norm$/, "companion"],
  ["bias of GLoRA", /\.(?:bm\.weight|glora_[CDE]\.X[du]?)$/, "companion"],
  ["path of GLoRA that is not used", /\.glora_[A-E]\.zeros$/, "companion"],
  [SVDQUANT, /\.lora_proj_(?:down|up)(?:\.weight)?$/, "family"],
  [
    SVDQUANT,
    /(?<=^(?:single_)?transformer_blocks\.\d+\.(?:norm(?:1(?:_context)?)?\.linear|(?:qkv|out)_proj(?:_context)?|mlp(?:_context)?_fc[12]))\.lora_(?:down|up)$/,
    "family",
  ],
  ["VeRA", /\.vera_(?:lambda_[bd]|[AB])$/, "family"],
  ["textual inversion", /^(?:emb_params|clip_[lg]|string_to_param\..*|<.*>)$/, "family"],
];

/** Kinds that are read, in the names of dialects that are not read with them. */
const KINDS: readonly Rule[] = [
  ["LoHa", /\.hada_(?:w[12]_[ab]|t[12])$/, "family"],
  ["LoKr", /\.lokr_(?:w[12](?:_[ab])?|t2)$/, "family"],
  ["full difference", /\.diff$/, "family"],
  ["OFT", /\.(?:b?oft_(?:blocks|diag|[rRs])(?:\.weight)?|rescale)$/, "family"],
  ["GLoRA", /\.(?:[ab][12])\.weight$/, "family"],
  ["(IA)³", /\.(?:on_input|ia3_l)$/, "family"],
  ["AdaLoRA", /\.(?:lora_E|ranknum)(?:\.default)?$/, "family"],
];

/** What a name stands for that no dialect reads, or undefined. */
export function otherTensor(name: string): OtherTensor | undefined {
  return firstRule(RULES, name);
}

/** The kind that a name is of, where the dialect of the file has no such kind; or undefined. */
export function unreadKind(name: string): OtherTensor | undefined {
  return firstRule(KINDS, name);
}

function firstRule(rules: readonly Rule[], name: string): OtherTensor | undefined {
  for (const [what, pattern, role] of rules) {
    const found = pattern.exec(name);
    if (found !== null) return { what, module: name.slice(0, found.index) || name, role };
  }
  return undefined;
}
