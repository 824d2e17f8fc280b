import type { Adapter, AdapterModule, NamedTensor, Part } from "@lora/peft";
import { type LazyTensor, LoraError, tensorFile } from "@lora/tensor";

/** What a header says of a tensor. */
export type TensorHeader = Omit<LazyTensor, "bytes">;

/** A module without its values. */
export interface ModuleHeader extends Omit<AdapterModule, "parts"> {
  readonly parts: ReadonlyMap<Part, { readonly name: string; readonly tensor: TensorHeader }>;
}

/** An adapter without its values: plain data, postable from a worker to the page. */
export interface AdapterHeader {
  readonly name: string;
  readonly byteLength: number | undefined;
  readonly tensors: ReadonlyMap<string, TensorHeader>;
  readonly metadata: ReadonlyMap<string, string>;
  readonly sidecars: ReadonlyMap<string, string>;
  readonly detection: Adapter["detection"];
  readonly baseArchitecture: string;
  readonly modules: readonly ModuleHeader[];
}

/** What is known of an adapter when no value of it has been read. */
export function adapterHeader({ file, detection, baseArchitecture, modules }: Adapter): AdapterHeader {
  return {
    name: file.name,
    byteLength: file.byteLength,
    tensors: new Map(Array.from(file.tensors, ([name, tensor]) => [name, header(tensor)])),
    metadata: new Map(file.metadata),
    sidecars: new Map(file.sidecars),
    detection,
    baseArchitecture,
    modules: modules.map(({ parts, ...module }) => ({
      ...module,
      parts: new Map(
        Array.from(parts, ([part, { name, tensor }]) => [part, { name, tensor: header(tensor) }]),
      ),
    })),
  };
}

/** An adapter that can be planned with, and not read. */
export function plannedAdapter(planned: AdapterHeader): Adapter {
  const { name, tensors, metadata, sidecars, detection, baseArchitecture, modules } = planned;
  const lazy = (at: string, tensor: TensorHeader): LazyTensor => ({ ...tensor, bytes: () => refused(at) });
  const named = (part: { name: string; tensor: TensorHeader }): NamedTensor => ({
    name: part.name,
    tensor: lazy(part.name, part.tensor),
  });
  return {
    file: tensorFile({
      name,
      tensors: Array.from(tensors, ([at, tensor]) => [at, lazy(at, tensor)] as const),
      metadata,
      sidecars,
    }),
    detection,
    baseArchitecture,
    modules: modules.map(({ parts, ...module }) => ({
      ...module,
      parts: new Map(Array.from(parts, ([part, one]) => [part, named(one)])),
    })),
    extras: [],
    warnings: [],
  };
}

function header({ dtype, shape, byteLength, storedAs }: LazyTensor): TensorHeader {
  return { dtype, shape, byteLength, ...(storedAs !== undefined && { storedAs }) };
}

async function refused(tensor: string): Promise<never> {
  throw new LoraError("USAGE", "a header was kept of this file, and none of its values", {
    tensor,
    advice: "read the file itself",
  });
}
