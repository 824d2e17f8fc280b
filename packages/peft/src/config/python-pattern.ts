import { parsePattern } from "./pattern/parse.ts";
import { plainSuffix } from "./pattern/plain-suffix.ts";
import { Run } from "./pattern/run.ts";

/**
 * Whether Python's `re.fullmatch(pattern, name)` finds a match.
 *
 * @returns a test, compiled once
 * @throws LoraError USAGE when it is no expression of Python; UNSUPPORTED for the constructs that `parsePattern`
 *   names
 */
export function pythonFullMatch(pattern: string): (name: string) => boolean {
  const node = parsePattern(pattern);
  return (name) => {
    const run = new Run(pattern, name);
    return node.step(run, 0).some((end) => run.position(end) === run.codes.length);
  };
}

/**
 * Python's `re.match(pattern, name)`: a match at the beginning.
 *
 * @param shown what messages quote, where the pattern was put into a frame
 * @returns what the group `idx` held, empty where it took no part; undefined without a match
 * @throws LoraError as `pythonFullMatch` does
 */
export function pythonMatch(pattern: string, shown: string = pattern): (name: string) => string | undefined {
  const node = parsePattern(pattern, shown);
  return (name) => {
    const run = new Run(shown, name);
    const first = node.step(run, 0)[0];
    return first === undefined ? undefined : (run.capture(first) ?? "");
  };
}

/**
 * Whether a key of PEFT's `rank_pattern` or `alpha_pattern` means this module: Python's
 * `re.match(rf"(.*\.)?({key})$", path)`, so the key is an expression for the end of the path, from a dot or its
 * start.
 *
 * @param path without `base_model.model.`
 * @returns a test, compiled once
 * @throws LoraError as `pythonFullMatch` does
 * @see peft/utils/other.py get_pattern_key
 */
export function pythonSuffixPattern(key: string): (path: string) => boolean {
  const plain = plainSuffix(key);
  const general = plain === undefined ? suffixPattern(key) : undefined;
  return (path) => plain?.(path) ?? (general ?? suffixPattern(key))(path);
}

function suffixPattern(key: string): (path: string) => boolean {
  const node = parsePattern(`(?:${key})$`, key);
  return (path) => {
    const run = new Run(key, path);
    return starts(run).some((start) => node.step(run, start).length > 0);
  };
}

/** The beginning and every place after a dot: where `(.*\.)?` can end. It does not cross a line break. */
function starts(run: Run): number[] {
  const lineBreak = run.codes.indexOf(10);
  const within = lineBreak === -1 ? run.codes : run.codes.slice(0, lineBreak);
  return [0, ...within.flatMap((code, index) => (code === 46 ? [index + 1] : []))];
}
