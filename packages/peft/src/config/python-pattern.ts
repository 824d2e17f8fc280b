import { LoraError } from "@lora/tensor";

/** More open quantifiers than this could take seconds on a hostile name; no real pattern comes near. */
const MAX_QUANTIFIERS = 4;
const MAX_LENGTH = 512;

/**
 * Whether a key of PEFT's `rank_pattern` or `alpha_pattern` means this module: Python's
 * `re.match(rf"(.*\.)?({key})$", path)`, so the key is a regular expression for the end of the path, from a
 * dot or its start.
 *
 * @param path without `base_model.model.`
 * @returns a test, compiled once
 * @throws LoraError UNSUPPORTED when the expression has no equal here, or could run for too long
 * @see peft/utils/other.py get_pattern_key
 */
export function pythonSuffixPattern(key: string): (path: string) => boolean {
  const source = translate(key);
  refuseSlow(source, key);
  try {
    const pattern = new RegExp(`^(?:.*\\.)?(?:${source})$`);
    return (path) => pattern.test(path);
  } catch (cause) {
    throw unsupported(key, "is not a regular expression that JavaScript can read", cause);
  }
}

/** Python's spellings of what both languages have. `$` differs only before a last line break; no name has one. */
function translate(key: string): string {
  const source = key.replaceAll("(?P<", "(?<").replaceAll("\\A", "^").replaceAll("\\Z", "$");
  if (/\(\?(?:P|\(|>|#|[a-z-]+[:)])|[*+?}]\+|\\\d/.test(source)) {
    throw unsupported(key, "uses syntax that only Python has, or a back reference");
  }
  return source;
}

/** Refuses what may take exponential time: a repeated group that itself repeats or chooses. */
function refuseSlow(source: string, key: string): void {
  const groups: boolean[] = [];
  let quantifiers = 0;
  let closed = false;
  for (const token of source.match(/\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(|\)|[*+]|\{\d*,\d*\}|[^]/g) ?? []) {
    const repeats = /^(?:[*+]|\{\d*,\d*\})$/.test(token);
    if (repeats && closed) throw unsupported(key, "repeats a group that itself repeats or chooses");
    closed = false;
    if (token === "(") groups.push(false);
    else if (token === ")") {
      closed = groups.pop() === true;
      if (closed && groups.length > 0) groups[groups.length - 1] = true;
    } else if (repeats || token === "|") {
      quantifiers += Number(repeats);
      if (groups.length > 0) groups[groups.length - 1] = true;
    }
  }
  if (quantifiers > MAX_QUANTIFIERS || source.length > MAX_LENGTH) {
    throw unsupported(
      key,
      `is too large to try: ${quantifiers} open repetitions, ${source.length} characters`,
    );
  }
}

function unsupported(key: string, why: string, cause?: unknown): LoraError {
  return new LoraError("UNSUPPORTED", `the pattern "${key}" ${why}`, {
    pattern: key,
    advice: "write the module paths out in rank_pattern and alpha_pattern",
    cause,
  });
}
