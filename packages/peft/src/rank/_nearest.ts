/** Edits (insert, delete, replace one letter) that turn `a` into `b`: Levenshtein's distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, replace));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** The name that `word` was probably meant to be; undefined when all are more than a third of it away. */
function nearest(word: string, names: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const name of names) {
    const distance = editDistance(word.toLowerCase(), name);
    if (distance < least) [best, least] = [name, distance];
  }
  return best;
}

/** Advice for an unknown name: the one that was probably meant, and all there are. */
export function nameAdvice(word: string, names: readonly string[]): string {
  const meant = nearest(word, names);
  const all = names.length === 0 ? "there are none" : `known are ${names.join(", ")}`;
  return meant === undefined ? all : `did you mean ${meant}? (${all})`;
}
