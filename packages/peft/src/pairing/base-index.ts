import type { LazyTensor, RowRange, TensorFile } from "@lora/tensor";
import type { Component } from "../adapter.ts";
import type { Alias } from "../architectures/_architecture.ts";
import { architectures } from "../architectures/_index.ts";
import { CHECKPOINT_PREFIXES, PIPELINE_PREFIXES, stripPrefix } from "../dialects/_places.ts";
import { openClipAliases } from "../architectures/_open-clip.ts";
import { canonicalComponent, canonicalPath } from "./canonical-target.ts";
import { layoutAliases } from "./layout-aliases.ts";
import { withoutWeight } from "./weight-name.ts";

/** A tensor of a base, or rows of one, as the weight of one place. */
export interface BaseTarget {
  readonly name: string;
  readonly tensor: LazyTensor;
  readonly rows?: RowRange;
  readonly transposed: boolean;
}

/** The weights of a base by every name a module may know them by. */
export interface BaseIndex {
  /** Weights whose component is known, by component and canonical path. */
  find(component: Component, path: string): readonly BaseTarget[];
  /** Weights whose names tell no component. */
  findAnywhere(path: string): readonly BaseTarget[];
  /** Weights whose path ends this way, past at most two leading segments. */
  findTail(path: string): readonly BaseTarget[];
  /** Every key, for suggestions: canonical path → tensor name. */
  readonly paths: ReadonlyMap<string, string>;
}

/** Leading segments that differ between a model and the same model inside another, as in `model.` or `transformer.`. */
const LOOSE_SEGMENTS = 2;

/** Prefixes under which whole pipelines keep their components. */
const PREFIXES = [...CHECKPOINT_PREFIXES, ...PIPELINE_PREFIXES];

/**
 * Writes every name of a base in all the ways an adapter may mean it, once; adapters are then looked up, never
 * guessed at. O(names).
 *
 * @param architecture that the adapter seems to be for
 */
export function indexBase(base: TensorFile, architecture: string): BaseIndex {
  const keys = new Map<string, BaseTarget[]>();
  const tails = new Map<string, BaseTarget[]>();
  const paths = new Map<string, string>();
  const layered = layoutAliases(architecture);
  for (const [name, tensor] of base.tensors) {
    if (name.endsWith(".bias")) continue;
    for (const { component, path, rows, transposed = false } of aliasesOf(name, tensor, layered)) {
      const target = { name, tensor, transposed, ...(rows === undefined ? {} : { rows }) };
      const canonical = canonicalPath(component, path);
      append(keys, keyOf(component, canonical), target);
      paths.set(canonical, name);
      if (component === undefined)
        for (const tail of tailsOf(path)) append(tails, canonicalPath(undefined, tail), target);
    }
  }
  return {
    find: (component, path) => keys.get(keyOf(component, canonicalPath(component, path))) ?? [],
    findAnywhere: (path) => keys.get(keyOf(undefined, canonicalPath(undefined, path))) ?? [],
    findTail: (path) => tails.get(canonicalPath(undefined, path)) ?? [],
    paths,
  };
}

/** All that a name may be: what architectures and layouts know, the name without its component's prefix, and the name itself. */
function aliasesOf(
  name: string,
  tensor: LazyTensor,
  layered: ReturnType<typeof layoutAliases>,
): readonly Alias[] {
  const known = architectures.flatMap((architecture) => architecture.aliases?.(name, tensor.shape) ?? []);
  const plain = withoutWeight(name);
  const place = stripPrefix(PREFIXES, plain);
  const bareClip = openClipAliases(name, tensor.shape, "te2").map((alias) => ({
    ...alias,
    component: undefined,
  }));
  return [
    ...known,
    ...layered(place?.path ?? plain, tensor.shape),
    ...(place === undefined ? [] : [place]),
    ...bareClip,
    { component: undefined, path: plain },
  ];
}

function tailsOf(path: string): string[] {
  const segments = path.split(".");
  const most = Math.min(LOOSE_SEGMENTS, segments.length - 2);
  return Array.from({ length: Math.max(0, most) }, (_, index) => segments.slice(index + 1).join("."));
}

function keyOf(component: Component | undefined, canonical: string): string {
  return `${component === undefined ? "" : canonicalComponent(component)}/${canonical}`;
}

function append(map: Map<string, BaseTarget[]>, key: string, target: BaseTarget): void {
  const found = map.get(key);
  if (found === undefined) map.set(key, [target]);
  else found.push(target);
}
