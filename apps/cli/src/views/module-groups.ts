/** What grouping needs to know of a module. */
export interface Groupable {
  readonly component: string;
  readonly path: string;
}

/** Modules of one component that are the same layer of different blocks, in the order of the blocks. */
export interface ModuleGroup<Module> {
  readonly component: string;
  /** Their path, with `{first-last}` for each index that differs. */
  readonly label: string;
  readonly modules: readonly Module[];
}

interface Entry<Module> {
  readonly module: Module;
  readonly indices: readonly number[];
}

/** An index is a number between dots or underscores: the 0 of `layers.0.attn1`, not its 1. */
const INDEX = /(?<=^|[._])\d+(?=[._]|$)/g;

/** Modules gathered by what remains of their path when its indices are taken out; groups in order of first appearance. */
export function groupModules<Module extends Groupable>(modules: readonly Module[]): ModuleGroup<Module>[] {
  const groups = new Map<string, Entry<Module>[]>();
  for (const module of modules) {
    const key = `${module.component} ${module.path.replace(INDEX, "*")}`;
    const entry = { module, indices: (module.path.match(INDEX) ?? []).map(Number) };
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [entry]);
    else group.push(entry);
  }
  return [...groups.values()].map((entries) => {
    const sorted = entries.toSorted((a, b) => compareIndices(a.indices, b.indices));
    const first = sorted[0]!.module;
    return {
      component: first.component,
      label: groupLabel(first.path, sorted),
      modules: sorted.map(({ module }) => module),
    };
  });
}

/** Each module as a group of its own: parts in order of first appearance, in each by path, block 2 before block 10. */
export function singleGroups<Module extends Groupable>(modules: readonly Module[]): ModuleGroup<Module>[] {
  const naturally = new Intl.Collator("en", { numeric: true });
  const parts = [...new Set(modules.map((module) => module.component))];
  return parts.flatMap((component) =>
    modules
      .filter((module) => module.component === component)
      .toSorted((a, b) => naturally.compare(a.path, b.path))
      .map((module) => ({ component, label: module.path, modules: [module] })),
  );
}

function groupLabel<Module>(path: string, entries: readonly Entry<Module>[]): string {
  let position = 0;
  return path.replace(INDEX, (index) => {
    const values = entries.map(({ indices }) => indices[position]!);
    position += 1;
    const [min, max] = [Math.min(...values), Math.max(...values)];
    return min === max ? index : `{${min}-${max}}`;
  });
}

function compareIndices(a: readonly number[], b: readonly number[]): number {
  for (const [position, index] of a.entries()) {
    const difference = index - b[position]!;
    if (difference !== 0) return difference;
  }
  return 0;
}
