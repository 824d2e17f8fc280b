/** Letters, digits and dots, rooted or not: what `rank_pattern` mostly holds, hundreds of them, each for each module. */
const PLAIN = /^\^?[\w.-]+$/;
const PRINTABLE = /^[ -~]*$/;

/**
 * The same as the general matcher for a key without constructs, without a search: its characters are compared with the
 * end of the path, and a dot is any character.
 *
 * @returns undefined for any other key; the test is undefined for paths with characters that need the general matcher
 */
export function plainSuffix(key: string): ((path: string) => boolean | undefined) | undefined {
  if (!PLAIN.test(key)) return undefined;
  const isRooted = key.startsWith("^");
  const end = isRooted ? key.slice(1) : key;
  return (path) => {
    if (!PRINTABLE.test(path)) return undefined;
    const start = path.length - end.length;
    if (start < 0 || (start > 0 && (isRooted || path[start - 1] !== "."))) return false;
    for (let at = 0; at < end.length; at++) {
      if (end[at] !== "." && end[at] !== path[start + at]) return false;
    }
    return true;
  };
}
