/** A value for each module of a file, from a list that may lack some: those that cannot be measured, or need the base. */
export function valuesByModule<M extends { readonly name: string }>(
  modules: readonly { readonly name: string }[],
  found: readonly M[],
  value: (module: M) => number | null,
): (number | null)[] {
  const byName = new Map(found.map((module) => [module.name, module]));
  return modules.map(({ name }) => {
    const module = byName.get(name);
    return module === undefined ? null : value(module);
  });
}
