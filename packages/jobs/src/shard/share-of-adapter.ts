import type { Adapter } from "@lora/peft";
import { moduleBytes } from "../posted.ts";
import { ownedUnits, type Share } from "./share.ts";

/**
 * A share of an adapter: some of its modules, and some of the tensors beside them, as if the file held no others. All of it
 * where there is no share.
 */
export function shareOfAdapter(adapter: Adapter, share: Share | undefined): Adapter {
  if (share === undefined) return adapter;
  const owned = ownedModules(adapter, share);
  const extras = ownedUnits(
    adapter.extras.map(({ name, tensor }) => ({ name, bytes: tensor.byteLength })),
    share,
  );
  return partOfAdapter(adapter, { modules: owned, extras });
}

/** The names of the modules of a share. */
export function ownedModules({ modules }: Adapter, share: Share): ReadonlySet<string> {
  return ownedUnits(
    modules.map((module) => ({ name: module.name, bytes: moduleBytes(module) })),
    share,
  );
}

/** An adapter with these modules and tensors beside them only. */
export function partOfAdapter(
  adapter: Adapter,
  { modules, extras }: { readonly modules: ReadonlySet<string>; readonly extras: ReadonlySet<string> },
): Adapter {
  const left = new Set([
    ...adapter.modules
      .filter(({ name }) => !modules.has(name))
      .flatMap(({ parts }) => Array.from(parts.values(), ({ name }) => name)),
    ...adapter.extras.filter(({ name }) => !extras.has(name)).map(({ name }) => name),
  ]);
  const tensors = new Map([...adapter.file.tensors].filter(([name]) => !left.has(name)));
  return {
    ...adapter,
    file: { ...adapter.file, tensors },
    modules: adapter.modules.filter(({ name }) => modules.has(name)),
    extras: adapter.extras.filter(({ name }) => extras.has(name)),
  };
}
