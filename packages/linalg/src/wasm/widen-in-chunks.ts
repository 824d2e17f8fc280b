import type { Widening } from "../engine.ts";
import { roundUp } from "./pack-panels.ts";
import type { Workplace } from "./workplace.ts";

/** Values widened at once: they stay in the cache between being copied, widened and copied back. */
const CHUNK = 32_768;

/** Sixteen-bit values to f32, chunk by chunk through the engine's memory. */
export function widenInChunks({ arena, kernels }: Workplace, { bytes, from, out }: Widening): void {
  const widen = kernels.functions[`widen_${from}`];
  const most = roundUp(Math.min(CHUNK, out.length), 4);
  arena.scope(() => {
    const [source, target] = [arena.allocate(2 * most), arena.allocate(4 * most)];
    const memory = new Uint8Array(arena.memory.buffer);
    for (let first = 0; first < out.length; first += CHUNK) {
      const count = Math.min(CHUNK, out.length - first);
      memory.set(bytes.subarray(2 * first, 2 * (first + count)), source);
      widen(source, target, target + 4 * count);
      out.set(arena.singles.subarray(target / 4, target / 4 + count), first);
    }
  });
}
