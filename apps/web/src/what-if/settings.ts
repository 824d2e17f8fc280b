import type { FactorDType, ResizeFlags } from "@lora/jobs";
import type { Values } from "../actions/_action.ts";

/** How ranks are chosen. */
export type Rule = "energy" | "rank" | "error" | "recipe";

/** What the panel is set to. Every rule keeps its own setting while another one is looked at. */
export interface Settings {
  readonly rule: Rule;
  readonly energy: number;
  readonly rank: number;
  readonly error: number;
  /** As text, which the sliders write and read. */
  readonly recipe: string;
  readonly dtype: FactorDType | "";
}

/** The first look: what most people keep. */
export const INITIAL: Settings = {
  rule: "energy",
  energy: 0.95,
  rank: 8,
  error: 0.2,
  recipe: "fro_lora=1,thr=-1",
  dtype: "",
};

/** What `resize` is told. */
export function flagsOf(settings: Settings): ResizeFlags {
  return { [settings.rule]: settings[settings.rule] };
}

/** The same as values of the action `resize`. */
export function valuesOf(settings: Settings): Values {
  return { rule: settings.rule, [settings.rule]: settings[settings.rule], dtype: settings.dtype };
}
