import { parseSync } from "rolldown/utils";

/** An import of a file; `typeOnly` where nothing of it is left at run time. */
export interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
}

/**
 * What a TypeScript file imports, statically, dynamically or by `export … from`.
 * A dynamic import counts where its argument is a plain string.
 *
 * @throws Error when the file does not parse
 */
export function importsOf(path: string, source: string): Import[] {
  const { module, errors } = parseSync(path, source);
  if (errors[0] !== undefined) throw new Error(`${path}: ${errors[0].message}`);
  const imported = module.staticImports.map(({ moduleRequest, entries }) => ({
    specifier: moduleRequest.value,
    typeOnly: entries.length > 0 && entries.every(({ isType }) => isType),
  }));
  const exported = module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ moduleRequest, isType }) =>
      moduleRequest ? [{ specifier: moduleRequest.value, typeOnly: isType }] : [],
    ),
  );
  const dynamic = module.dynamicImports
    .map(({ moduleRequest: { start, end } }) => literal(source.slice(start, end)))
    .filter((specifier) => specifier !== undefined)
    .map((specifier) => ({ specifier, typeOnly: false }));
  return merged([...imported, ...exported, ...dynamic]);
}

/** Each specifier once: only for types where all its imports are. */
function merged(imports: readonly Import[]): Import[] {
  const typeOnly = new Map<string, boolean>();
  for (const one of imports)
    typeOnly.set(one.specifier, one.typeOnly && (typeOnly.get(one.specifier) ?? true));
  return [...typeOnly].map(([specifier, only]) => ({ specifier, typeOnly: only }));
}

function literal(expression: string): string | undefined {
  return /^(["'])([^"']*)\1$/u.exec(expression)?.[2];
}
