/** A seed of its own for each update of each module: FNV-1a over the text, twice. */
export function seedOf(seed: number, key: string, index: number): number {
  const text = `${seed}/${key}/${index}`;
  return fnv(text, 0x811c9dc5) * 2 ** 21 + (fnv(text, 0x9747b28c) >>> 11);
}

function fnv(text: string, start: number): number {
  let hash = start;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
