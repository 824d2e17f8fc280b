import type { LoraConfig } from "../config/lora-config.ts";
import { pythonFullMatch, pythonMatch } from "../config/python-pattern.ts";

/** The fields that say which modules are adapted. */
export type TargetFields = Pick<
  LoraConfig,
  | "target_modules"
  | "exclude_modules"
  | "modules_to_save"
  | "layers_to_transform"
  | "layers_pattern"
  | "target_parameters"
>;

/** What a configuration makes of a module: `excluded` wins over `matched`. */
export type TargetMatch = "matched" | "unmatched" | "excluded";

type NameTest = (name: string) => boolean;

/** The first number in a path that is a segment of its own, after at least two others. */
const ANY_LAYER = String.raw`.*?\.[^.]*\.(?P<idx>\d+)\.`;

/**
 * Which modules a configuration means, by their names in the base model. A list of targets means whole names or their
 * ends after a dot; a text means Python's `re.fullmatch`.
 *
 * @returns a test, compiled once
 * @throws LoraError USAGE or UNSUPPORTED when an expression is not understood
 * @see peft/tuners/tuners_utils.py check_target_module_exists
 */
export function targetMatcher(config: TargetFields): (name: string) => TargetMatch {
  const isExcluded = namesTest(config.exclude_modules);
  const isSaved = anyTest((config.modules_to_save ?? []).map(savedTest));
  const isTarget = targetTest(config);
  return (name) => {
    if (isExcluded(name) || isSaved(name)) return "excluded";
    return isTarget(name) ? "matched" : "unmatched";
  };
}

function targetTest(config: TargetFields): NameTest {
  const targets = config.target_modules;
  if (targets === null || typeof targets === "string") return namesTest(targets);
  const whole = new Set(targets);
  const fits = namesTest(targets);
  const inLayer = layerTest(config);
  // A name in full is a target in any layer, as in PEFT.
  return (name) => whole.has(name) || (fits(name) && inLayer(name));
}

/** The names of a list or their ends; the whole names of an expression; none. */
function namesTest(names: readonly string[] | string | null): NameTest {
  if (names === null || names.length === 0) return () => false;
  if (typeof names === "string") return pythonFullMatch(names);
  return (name) => names.some((end) => name === end || name.endsWith(`.${end}`));
}

/** `modules_to_save` are expressions for whole segments anywhere in a path. */
function savedTest(name: string): NameTest {
  const match = pythonMatch(String.raw`(^|.*\.)${name}($|\..*)`, name);
  return (path) => match(path) !== undefined;
}

function layerTest({ layers_to_transform: layers, layers_pattern: pattern }: TargetFields): NameTest {
  if (layers === null || (Array.isArray(layers) && layers.length === 0)) return () => true;
  const wanted = new Set(typeof layers === "number" ? [layers] : layers);
  const matches = layerPatterns(pattern).map(([source, shown]) => pythonMatch(source, shown));
  return (name) => {
    for (const match of matches) {
      const index = match(name);
      // The first pattern that fits decides, also where it leaves the number out.
      if (index !== undefined) return index !== "" && wanted.has(Number(index));
    }
    return false;
  };
}

/** Expressions with a group `idx`, and what messages quote of them. */
function layerPatterns(pattern: readonly string[] | string | null): readonly (readonly [string, string])[] {
  if (pattern === null || pattern.length === 0) return [[ANY_LAYER, ANY_LAYER]];
  const names = typeof pattern === "string" ? [pattern] : pattern;
  return names.map((name) => [String.raw`(?:^|.*?\.)${name}\.(?P<idx>\d+)\.`, name]);
}

function anyTest(tests: readonly NameTest[]): NameTest {
  return (name) => tests.some((test) => test(name));
}
