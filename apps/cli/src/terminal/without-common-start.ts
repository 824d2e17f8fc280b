/**
 * Names without the segments all of them begin with, a sign of omission in their place: what is cut out of their
 * middle instead might be the only thing that tells them apart.
 */
export function withoutCommonStart(names: readonly string[], unicode: boolean): readonly string[] {
  const [first = "", ...others] = names;
  let common = others.length === 0 ? 0 : first.length;
  for (const name of others) while (!name.startsWith(first.slice(0, common))) common -= 1;
  const start = first.slice(0, common).search(/[^._]*$/);
  const gap = unicode ? "…" : "..";
  return start <= gap.length ? names : names.map((name) => gap + name.slice(start));
}
