const SEPARATOR = /[._]/u;

/**
 * Length of what all names begin with, up to a separator: `base_model.model.` says nothing in a table. A number keeps
 * the word before it: `layers.0`, not `0`.
 */
export function commonStart(names: readonly string[]): number {
  const [first = ""] = names;
  let length = names.length < 2 ? 0 : first.length;
  for (const name of names) {
    while (!name.startsWith(first.slice(0, length))) length -= 1;
  }
  const start = wordStart(first, length);
  return /\d/u.test(first.charAt(start)) ? wordStart(first, start - 1) : start;
}

/** Where the word begins that reaches to `end`. */
function wordStart(name: string, end: number): number {
  let at = end;
  while (at > 0 && !SEPARATOR.test(name.charAt(at - 1))) at -= 1;
  return Math.max(at, 0);
}
