/** Fewer characters in common are chance. */
const LEAST_COMMON = 4;

/**
 * The name whose path ends most like a path, then begins most like it; undefined where hardly anything is common.
 *
 * @param paths canonical path → name
 */
export function nearestName(path: string, paths: ReadonlyMap<string, string>): string | undefined {
  let best: { name: string; end: number; start: number } | undefined;
  for (const [candidate, name] of paths) {
    const end = commonEnd(path, candidate);
    if (end < LEAST_COMMON || (best !== undefined && end < best.end)) continue;
    const start = commonStart(path, candidate);
    if (best === undefined || end > best.end || start > best.start) best = { name, end, start };
  }
  return best?.name;
}

function commonEnd(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let count = 0;
  while (count < most && a[a.length - 1 - count] === b[b.length - 1 - count]) count++;
  return count;
}

function commonStart(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let count = 0;
  while (count < most && a[count] === b[count]) count++;
  return count;
}
