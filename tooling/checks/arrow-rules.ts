import { isBuiltin } from "node:module";
import { dirname, join } from "node:path/posix";

import type { Manifest } from "../workspace.ts";
import type { Arrows } from "./arrow-table.ts";
import { cycles } from "./cycles.ts";
import type { PackageSources, Source } from "./sources.ts";

/** What the rules look things up in. */
export interface Fence {
  readonly arrows: Arrows;
  readonly byName: ReadonlyMap<string, PackageSources>;
  readonly root: Manifest;
}

/** Says what one package does that it may not, a line each. */
export type Rule = (one: PackageSources, fence: Fence) => string[];

/** A package imports only what the table lets it; some are for tests alone. */
export const arrowsPointDown: Rule = ({ manifest: { name }, sources }, { arrows, byName }) => {
  const allowed = arrows.imports[name];
  if (allowed === undefined) return [`${name} is not in tooling/checks/arrows.json`];
  return eachImport(sources, (source, specifier) => {
    const other = packageOf(specifier);
    if (!byName.has(other) || allowed.includes(other)) return [];
    if (arrows.onlyInTests.includes(other)) {
      return source.isTest ? [] : [`${source.path} imports ${other}, which is for tests only`];
    }
    const may = allowed.join(", ") || "nothing of this workspace";
    return [`${source.path} imports ${other}; ${name} may import ${may}`];
  });
};

/** Other packages are reached through their export map, own files by relative paths that stay inside. */
export const publicPathsOnly: Rule = ({ folder, sources }, { byName }) =>
  eachImport(sources, ({ path }, specifier) => {
    if (specifier.startsWith(".")) {
      const inside = join(dirname(path), specifier).startsWith(`${folder}/`);
      return inside ? [] : [`${path} imports ${specifier}, which is outside ${folder}`];
    }
    const other = packageOf(specifier);
    const target = byName.get(other);
    // What follows a question mark is for the bundler: `?worker&url`.
    const [entry] = `.${specifier.slice(other.length)}`.split("?", 1) as [string];
    if (target === undefined || Object.hasOwn(target.manifest.exports ?? {}, entry)) return [];
    return [`${path} imports ${specifier}; ${other} does not export "${entry}"`];
  });

/** Node's own modules are for apps, tests and `src/node/`: the rest runs in browsers. */
export const nodeStaysApart: Rule = ({ folder, sources }) =>
  eachImport(sources, ({ path, isTest }, specifier) => {
    const mayUseNode = isTest || folder.startsWith("apps/") || path.startsWith(`${folder}/src/node/`);
    if (mayUseNode || !isBuiltin(specifier)) return [];
    return [`${path} imports ${specifier}; in ${folder} only src/node/ may`];
  });

/** No file imports itself by way of others. Types may refer to each other: nothing of that is left at run time. */
export const noCycles: Rule = ({ sources }) => {
  const successors = ({ path, imports }: Source): string[] =>
    imports
      .filter(({ specifier, typeOnly }) => specifier.startsWith(".") && !typeOnly)
      .map(({ specifier }) => join(dirname(path), specifier));
  const graph = new Map(sources.map((source) => [source.path, successors(source)]));
  return cycles(graph).map((path) => `import cycle: ${path.join(" → ")}`);
};

/** `dependencies` are exactly what the sources import; tests may also use the development dependencies. */
export const dependenciesAreExact: Rule = ({ folder, manifest, sources, bench }, { root }) => {
  const declared = new Set(Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }));
  const forTests = new Set([
    ...declared,
    ...Object.keys({ ...manifest.devDependencies, ...bench.devDependencies, ...root.devDependencies }),
  ]);
  const forSources = manifest.private === true ? forTests : declared;
  const used = externals(sources.filter(({ isTest }) => !isTest));
  const usedByTests = externals(sources.filter(({ isTest }) => isTest));
  const at = `${folder}/package.json`;
  return [
    ...[...used].filter((name) => !forSources.has(name)).map((name) => `${at}: dependencies lack ${name}`),
    ...[...declared].filter((name) => !used.has(name)).map((name) => `${at}: no source imports ${name}`),
    ...[...usedByTests]
      .filter((name) => !forTests.has(name) && !used.has(name))
      .map((name) => `${at}: devDependencies lack ${name}, which tests import`),
  ];
};

function eachImport(
  sources: readonly Source[],
  problems: (source: Source, specifier: string) => string[],
): string[] {
  return sources.flatMap((source) => source.imports.flatMap(({ specifier }) => problems(source, specifier)));
}

/** Packages, by name, that are neither Node's nor this package's own files. */
function externals(sources: readonly Source[]): Set<string> {
  const specifiers = sources.flatMap(({ imports }) => imports.map(({ specifier }) => specifier));
  return new Set(specifiers.filter((one) => !one.startsWith(".") && !isBuiltin(one)).map(packageOf));
}

/** `@lora/io/node` is of the package `@lora/io`. */
function packageOf(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}
