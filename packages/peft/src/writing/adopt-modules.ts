import { type LazyTensor, LoraError, tensorFile, tensorOfValues } from "@lora/tensor";
import type { Adapter, AdapterModule, NamedTensor } from "../adapter.ts";
import { dialectOf } from "../dialect-of.ts";
import type { Part } from "../parts.ts";
import { addedTargets } from "./added-targets.ts";
import { type ForeignModule, spellModule } from "./spell-module.ts";

/**
 * An adapter with places for modules of other adapters, in its own dialect: what `rewriteAdapter` needs to write new
 * factors for them. The tensors of these places are those of the other adapters, and stand for their shapes only: each
 * must be replaced or dropped.
 *
 * @returns the adapter, and its new modules in the order given
 * @throws LoraError UNSUPPORTED when a module has no name in the dialect; FORMAT when its name is taken
 */
export function adoptModules(
  adapter: Adapter,
  foreign: readonly ForeignModule[],
): { readonly adapter: Adapter; readonly adopted: readonly AdapterModule[] } {
  if (foreign.length === 0) return { adapter, adopted: [] };
  const adopted = foreign.map((one) => adoptedModule(adapter, one));
  const modules = [...adapter.modules, ...adopted];
  const tensors = new Map<string, LazyTensor>(adapter.file.tensors);
  for (const { name, parts } of adopted) {
    for (const [part, named] of parts) {
      // A Tucker core is folded into down.
      if (part === "mid") continue;
      if (tensors.has(named.name)) {
        throw new LoraError("FORMAT", `the name ${named.name} is taken by another weight`, {
          file: adapter.file.name,
          module: name,
        });
      }
      tensors.set(named.name, named.tensor);
    }
  }
  const file = tensorFile({
    name: adapter.file.name,
    tensors,
    metadata: adapter.file.metadata,
    sidecars: addedTargets(
      adapter.file,
      modules.map(({ path }) => path),
    ),
  });
  return { adapter: { ...adapter, file, modules }, adopted };
}

function adoptedModule(adapter: Adapter, foreign: ForeignModule): AdapterModule {
  const { module, from } = foreign;
  const name = spellModule(adapter, foreign);
  if (adapter.detection.dialect === from.detection.dialect) return { ...module, name };
  const dialect = dialectOf(adapter);
  const [model] = adapter.modules;
  const spelling = dialect.parse(model!.parts.get("down")!.name)?.spelling;
  const named = (part: Part, tensor: LazyTensor): [Part, NamedTensor] => [
    part,
    { name: dialect.print(name, part, spelling), tensor },
  ];
  const hasAlpha = model!.parts.has("alpha");
  const parts = [...module.parts]
    .filter(([part]) => part !== "alpha")
    .map(([part, { tensor }]) => named(part, tensor));
  if (hasAlpha) parts.push(named("alpha", tensorOfValues([module.rank], "f32", [])));
  const place = dialect.place(name);
  return {
    ...module,
    name,
    ...place,
    scaleSource: hasAlpha ? "tensor" : model!.scaleSource,
    parts: new Map(parts),
  };
}
