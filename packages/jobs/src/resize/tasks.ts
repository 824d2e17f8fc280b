import {
  capped,
  energyRule,
  errorRule,
  fixedRule,
  kneeRule,
  parseRecipes,
  type RankChoice,
  recipeChoice,
  recipeMetadata,
  recipeSuffix,
  svCumulativeRule,
  svFroRule,
  svRatioRule,
} from "@lora/peft";
import { LoraError } from "@lora/tensor";

/** One output of a resize: a rule that chooses ranks, and how to name and label what it makes. */
export interface ResizeTask {
  readonly choice: RankChoice;
  /** Goes between stem and ending of the output's name; "" for a single output. */
  readonly suffix: string;
  /** What the output's metadata says of it (`resize_params`); JSON. */
  readonly metadata: (threshold: number | undefined) => string;
}

/** The rules of a resize as a user names them: exactly one of them, and what goes with it. */
export interface ResizeFlags {
  readonly rank?: number | undefined;
  readonly energy?: number | undefined;
  readonly error?: number | undefined;
  /** `linear` or `log`. */
  readonly knee?: string | undefined;
  readonly svRatio?: number | undefined;
  readonly svFro?: number | undefined;
  readonly svCumulative?: number | undefined;
  /** One or several recipes, separated by `:`. */
  readonly recipe?: string | undefined;
  /** The most pairs a module may keep, whatever the rule. */
  readonly maxRank?: number | undefined;
  /** With `rank`: the rank of modules with a kernel above 1 × 1. With other rules: the most they may keep. */
  readonly convRank?: number | undefined;
  readonly kohyaPlusOne?: boolean | undefined;
}

type RuleFlag = "rank" | "energy" | "error" | "knee" | "svRatio" | "svFro" | "svCumulative" | "recipe";

/** How each flag becomes a choice. */
const RULES: Readonly<Record<Exclude<RuleFlag, "recipe">, (flags: ResizeFlags) => RankChoice>> = {
  rank: ({ rank = 0, convRank }) => fixedRule.bind({ rank, convRank }),
  energy: ({ energy = 0 }) => energyRule.bind({ share: energy }),
  error: ({ error = 0 }) => errorRule.bind({ most: error }),
  knee: ({ knee }) => kneeRule.bind({ scale: knee }),
  svRatio: ({ svRatio = 0, kohyaPlusOne }) => svRatioRule.bind({ ratio: svRatio, kohyaPlusOne }),
  svFro: ({ svFro = 0, kohyaPlusOne }) => svFroRule.bind({ share: svFro, kohyaPlusOne }),
  svCumulative: ({ svCumulative = 0, kohyaPlusOne }) =>
    svCumulativeRule.bind({ share: svCumulative, kohyaPlusOne }),
};

const RULE_FLAGS: readonly RuleFlag[] = [...(Object.keys(RULES) as (keyof typeof RULES)[]), "recipe"];

/**
 * The tasks that a user's flags ask for: one, or one for each recipe.
 *
 * @throws LoraError USAGE unless exactly one rule is named; when a value breaks the rule's limits; when
 * `kohyaPlusOne` goes with a rule that kohya's tool does not have
 */
export function resizeTasks(flags: ResizeFlags): readonly ResizeTask[] {
  const given = RULE_FLAGS.filter((flag) => flags[flag] !== undefined);
  const [rule] = given;
  if (rule === undefined || given.length > 1) {
    throw new LoraError("USAGE", `exactly one rule must choose the ranks, ${given.length} are given`, {
      given,
      advice:
        "give one of --rank, --energy, --error, --knee, --sv-ratio, --sv-fro, --sv-cumulative, --recipe",
    });
  }
  if (flags.kohyaPlusOne === true && !rule.startsWith("sv")) {
    throw new LoraError("USAGE", "kohya's off-by-one exists only for its own three rules", {
      rule,
      advice: "use --kohya-plus-one with --sv-ratio, --sv-fro or --sv-cumulative",
    });
  }
  if (rule === "recipe") return recipeTasks(flags);
  const cap = { rank: flags.maxRank, convRank: rule === "rank" ? undefined : flags.convRank };
  const choice = capped(boundRule(rule, flags), cap);
  return [{ choice, suffix: "", metadata: () => JSON.stringify({ rule: choice.title }) }];
}

/** A rule speaks of its own option; the user gave a flag. */
function boundRule(flag: keyof typeof RULES, flags: ResizeFlags): RankChoice {
  try {
    return RULES[flag](flags);
  } catch (error) {
    if (!(error instanceof LoraError)) throw error;
    const spelled = `--${flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    const { code, facts, advice } = error;
    throw new LoraError(code, `${spelled}: ${error.message}`, { ...facts, advice, cause: error });
  }
}

function recipeTasks(flags: ResizeFlags): ResizeTask[] {
  const recipes = parseRecipes(flags.recipe ?? "");
  return recipes.map((recipe) => ({
    choice: capped(recipeChoice(recipe), { rank: flags.maxRank, convRank: flags.convRank }),
    suffix: recipes.length === 1 ? "" : recipeSuffix(recipe),
    metadata: (threshold) => recipeMetadata(recipe, threshold),
  }));
}
