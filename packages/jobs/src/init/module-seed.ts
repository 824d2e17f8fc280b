/**
 * A seed of a module's own, so that its factors do not depend on which others are initialised: the job's seed, and as
 * a fraction FNV-1a of the module's name.
 */
export function moduleSeed(seed: number, name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193) >>> 0;
  return seed + hash / 2 ** 32;
}
