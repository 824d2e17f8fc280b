import type { LazyTensor } from "@lora/tensor";
import { LoraError } from "@lora/tensor";
import { PREFIX } from "./adapter-keys.ts";

/** Tensors that adapters keep for modules that are saved whole, under PEFT's names. */
export class SavedTensors {
  readonly #byAdapter = new Map<string, ReadonlyMap<string, LazyTensor>>();

  set(adapter: string, tensors: ReadonlyMap<string, LazyTensor>): void {
    this.#byAdapter.set(adapter, tensors);
  }

  of(adapter: string): ReadonlyMap<string, LazyTensor> {
    return this.#byAdapter.get(adapter) ?? new Map<string, LazyTensor>();
  }

  delete(adapter: string): void {
    this.#byAdapter.delete(adapter);
  }

  clear(): void {
    this.#byAdapter.clear();
  }

  /**
   * What these adapters put in the place of the base's tensors, by the names that the base has for them.
   *
   * @throws LoraError USAGE when two of them keep the same module
   */
  together(adapters: readonly string[]): ReadonlyMap<string, LazyTensor> {
    const keepers = new Map<string, string>();
    const found = new Map<string, LazyTensor>();
    for (const adapter of adapters) {
      for (const [key, tensor] of this.of(adapter)) {
        const [name, other] = [key.slice(PREFIX.length), keepers.get(key)];
        if (other !== undefined) throw keptTwice(name, [other, adapter]);
        keepers.set(key, adapter);
        found.set(name, tensor);
      }
    }
    return found;
  }
}

function keptTwice(tensor: string, adapters: readonly [string, string]): LoraError {
  return new LoraError(
    "USAGE",
    `${adapters.join(" and ")} keep ${tensor} whole, and one of them can be active`,
    {
      tensor,
      adapters,
      advice: "activate one of them, or merge them one after the other",
    },
  );
}
