import type { Factors } from "../delta.ts";
import type { LayerAdapter } from "./layer-adapter.ts";

/** Norms, and all that they follow from. */
interface Known {
  readonly scale: number;
  readonly factors: Factors;
  readonly base: Uint8Array;
  readonly norms: Float64Array;
}

/** The norms of each adapter's outputs, made again only when scale, factors or base weight are others. */
export class NormCache {
  readonly #known = new Map<string, Known>();
  #squares: { readonly base: Uint8Array; readonly values: Float64Array } | undefined;

  /** @param base the stored weight without what is merged */
  of({ name, scale, factors }: LayerAdapter, base: Uint8Array, make: () => Float64Array): Float64Array {
    const known = this.#known.get(name);
    if (known?.scale === scale && known.factors === factors && known.base === base) return known.norms;
    const norms = make();
    this.#known.set(name, { scale, factors, base, norms });
    return norms;
  }

  /** ‖Wⱼ‖² of each output, which all adapters on one base share. */
  squares(base: Uint8Array, make: () => Float64Array): Float64Array {
    if (this.#squares?.base !== base) this.#squares = { base, values: make() };
    return this.#squares.values;
  }

  delete(name: string): void {
    this.#known.delete(name);
  }
}
