import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { Manifest, WorkspacePackage } from "../workspace.ts";
import { readManifest } from "../workspace.ts";
import type { Import } from "./imports.ts";
import { importsOf } from "./imports.ts";

/** A source file and what it imports. */
export interface Source {
  /** Relative to the root, with slashes. */
  readonly path: string;
  /** Whether it is a test, a test's helper or a bench: nothing that is published. */
  readonly isTest: boolean;
  readonly imports: readonly Import[];
}

/** A package with its parsed sources. */
export interface PackageSources extends WorkspacePackage {
  readonly sources: readonly Source[];
  /** What its benches need besides, which is kept apart so that nobody else installs it. */
  readonly bench: Manifest;
}

/** Parses all TypeScript under a package's `src/` and `bench/`. */
export function readSources(root: string, one: WorkspacePackage): PackageSources {
  const patterns = [`${one.folder}/src/**/*.{ts,tsx}`, `${one.folder}/bench/**/*.ts`];
  const paths = globSync(patterns, { cwd: root }).map((path) => path.replaceAll("\\", "/"));
  const sources = paths.sort().map((path) => ({
    path,
    isTest: /\.(test|test-helper)\.tsx?$|\/(bench|src\/testing)\//u.test(path),
    imports: importsOf(path, readFileSync(join(root, path), "utf8")),
  }));
  const bench = readManifest(join(root, one.folder, "bench", "package.json"));
  return { ...one, sources, bench };
}
