import { join } from "node:path";

import { readManifest, workspacePackages } from "../workspace.ts";
import type { Fence, Rule } from "./arrow-rules.ts";
import {
  arrowsPointDown,
  dependenciesAreExact,
  nodeStaysApart,
  noCycles,
  publicPathsOnly,
} from "./arrow-rules.ts";
import type { Arrows } from "./arrow-table.ts";
import { readSources } from "./sources.ts";

const rules: readonly Rule[] = [
  arrowsPointDown,
  publicPathsOnly,
  nodeStaysApart,
  noCycles,
  dependenciesAreExact,
];

/** Everything in the workspace at `root` that breaks the table or the rules about imports, a line each. */
export function arrowProblems(root: string, arrows: Arrows): string[] {
  const packages = workspacePackages(root).map((one) => readSources(root, one));
  const byName = new Map(packages.map((one) => [one.manifest.name, one]));
  const fence: Fence = { arrows, byName, root: readManifest(join(root, "package.json")) };
  return packages.flatMap((one) => rules.flatMap((rule) => rule(one, fence)));
}
