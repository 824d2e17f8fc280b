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
  of(adapter: LayerAdapter, base: Uint8Array, make: () => Float64Array): Float64Array {
    const { name, scale, factors } = adapter;
    const norms = this.known(adapter, base) ?? make();
    this.#known.set(name, { scale, factors, base, norms });
    return norms;
  }

  /** What is kept, if it still holds. */
  known({ name, scale, factors }: LayerAdapter, base: Uint8Array): Float64Array | undefined {
    const kept = this.#known.get(name);
    return kept?.scale === scale && kept.factors === factors && kept.base === base ? kept.norms : undefined;
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
