import type { DType, LazyTensor, Shape, TensorFile } from "@lora/tensor";
import type { Part } from "./parts.ts";

/** A tensor under the name it has in its file. */
export interface NamedTensor {
  readonly name: string;
  readonly tensor: LazyTensor;
}

/** What kind of layer a module adapts. */
export type LayerKind = "linear" | "conv" | "embedding";

/** Which part of a larger model a module belongs to; `model` where there is only one. */
export type Component = "model" | "unet" | "transformer" | "te1" | "te2" | "te3";

/** DoRA's magnitudes: what the norms of the outputs (or inputs) of W + ΔW become. */
export interface Magnitude extends NamedTensor {
  /** One for each output; for each input where LyCORIS was told so (`wd_on_out=False`). */
  readonly axis: "out" | "in";
}

/** What a configuration says of how a module acts, beside its scale. Plain data. */
export interface ModuleSettings {
  /** OFT of PEFT: so many terms of the Neumann series in place of the Cayley transform. */
  readonly seriesTerms?: number | undefined;
  /** OFT of PEFT (`coft`): the largest norm of a block, as the configuration has it (`eps`). */
  readonly bound?: number | undefined;
  /** (IA)³ of PEFT: the vector multiplies inputs (`feedforward_modules`). */
  readonly onInput?: boolean | undefined;
}

/** One adapted weight of a base model, in the form all jobs work on. */
export interface AdapterModule {
  /** As its file spells it: the tensor names without their suffixes. Unique in the file. */
  readonly name: string;
  readonly component: Component;
  /** Path inside the component, prefix and dialect's decorations removed; underscored where the dialect underscores. */
  readonly path: string;
  /** Id of the adapter kind (a file in `kinds/`) that knows what the parts mean. */
  readonly kind: string;
  readonly layer: LayerKind;
  /** Of ΔW: [out, in] or [out, in, …kernel]; 0 for a size that only the base weight has. */
  readonly shape: Shape;
  readonly rank: number;
  /** As the file (or its config) says; undefined where it says nothing. */
  readonly alpha: number | undefined;
  /** What up · down is multiplied with. */
  readonly scale: number;
  /** Where the file keeps the scale, for whoever writes the module again. */
  readonly scaleSource: "tensor" | "config" | "none";
  /** The base stores this weight as in × out (an embedding, GPT-2's Conv1D). */
  readonly transposed: boolean;
  /** Of the equal parts of a fused layer's rows, those that have an update; undefined for one layer. */
  readonly enabled?: readonly boolean[] | undefined;
  readonly settings?: ModuleSettings | undefined;
  /** Of DoRA, on top of any kind: `loadDelta` is without them, `plainDelta` with them. They are among the extras too. */
  readonly magnitude?: Magnitude | undefined;
  /** Stored type of the factors. */
  readonly dtype: DType;
  readonly parts: ReadonlyMap<Part, NamedTensor>;
}

/** A tensor that no module claims. It is carried through every job byte for byte. */
export interface ExtraTensor extends NamedTensor {
  /** Why it stands outside, e.g. `saved whole (modules_to_save)`, `LoHa factor: not handled yet`. */
  readonly why: string;
}

/** How sure a dialect is that a file is written in it. */
export interface Detection {
  /** Id of the dialect. */
  readonly dialect: string;
  /** 0 (no) to 1 (certain). */
  readonly confidence: number;
  readonly reasons: readonly string[];
}

/** An adapter file, understood. */
export interface Adapter {
  readonly file: TensorFile;
  readonly detection: Detection;
  /** What the base model seems to be, e.g. `sdxl`, `llama`; `unknown` where nothing tells. */
  readonly baseArchitecture: string;
  /** In the order of the file. */
  readonly modules: readonly AdapterModule[];
  readonly extras: readonly ExtraTensor[];
  readonly warnings: readonly string[];
}
