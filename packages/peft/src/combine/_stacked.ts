import { scaled, stackColumns, stackRows, wideMatrix } from "@lora/linalg";
import type { StoredFactors } from "../delta.ts";
import type { WeightedUpdate } from "./_merge-entries.ts";

/**
 * Σ wᵢ·ΔWᵢ as one product: [… √|gᵢ|·Bᵢ …] · [… ; ±√|gᵢ|·Aᵢ; …] with gᵢ = wᵢ·scaleᵢ and its sign on `down`. Exact, of inner
 * size Σrᵢ.
 *
 * @throws LoraError SHAPE when the updates differ in shape, or there are none
 */
export function stackedFactors(parts: readonly WeightedUpdate[]): StoredFactors {
  const gains = parts.map(({ update, weight }) => weight * update.scale);
  return {
    up: stackColumns(
      parts.map(({ update }, i) => scaled(wideMatrix(update.up), Math.sqrt(Math.abs(gains[i]!)))),
    ),
    down: stackRows(
      parts.map(({ update }, i) =>
        scaled(wideMatrix(update.down), Math.sign(gains[i]!) * Math.sqrt(Math.abs(gains[i]!))),
      ),
    ),
    scale: 1,
  };
}
