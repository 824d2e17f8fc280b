import type { RankChoice } from "./_rule.ts";

/** One option of a rule, so that a command line or a form can ask for it. */
export interface RankOption {
  readonly kind: "integer" | "number" | "text" | "flag";
  readonly required: boolean;
  /** A short phrase, without a full stop. */
  readonly description: string;
  /** The texts that are accepted, where only some are. */
  readonly choices?: readonly string[];
}

/** Options as plain values, by name. */
export type RankOptionValues = Readonly<Record<string, number | string | boolean | undefined>>;

/** A way to choose ranks: one file of this folder. */
export interface RankRule<O extends RankOptionValues = RankOptionValues> {
  readonly id: string;
  /** What it keeps, as a short sentence. */
  readonly title: string;
  /** Where the rule comes from: a paper, a tool. */
  readonly source: string;
  readonly options: { readonly [K in keyof O]-?: RankOption };
  /**
   * The rule with its options, ready to choose.
   *
   * @throws LoraError USAGE when an option breaks its rule
   */
  bind(options: O): RankChoice;
}
