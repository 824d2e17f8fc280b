import { editDistance } from "@lora/tensor";

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
