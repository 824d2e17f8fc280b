/** Length of what all names begin with, up to a separator: `base_model.model.` says nothing in a table. */
export function commonStart(names: readonly string[]): number {
  const [first = ""] = names;
  let length = names.length < 2 ? 0 : first.length;
  for (const name of names) {
    while (!name.startsWith(first.slice(0, length))) length -= 1;
  }
  if (length === 0) return 0;
  return Math.max(first.lastIndexOf(".", length - 1), first.lastIndexOf("_", length - 1)) + 1;
}
