import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The repository root. */
export const root: string = join(import.meta.dirname, "..");

/** The fields of a package.json that the tooling reads. */
export interface Manifest {
  readonly name: string;
  readonly description?: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** A package of the workspace; `folder` is relative to the root, with slashes. */
export interface WorkspacePackage {
  readonly folder: string;
  readonly manifest: Manifest;
}

/** Every package under `packages/` and `apps/`, sorted by folder. */
export function workspacePackages(at: string = root): WorkspacePackage[] {
  return globSync(["packages/*/package.json", "apps/*/package.json"], { cwd: at })
    .map((path) => path.replaceAll("\\", "/"))
    .sort()
    .map((path) => ({ folder: dirname(path), manifest: readManifest(join(at, path)) }));
}

/** The packages that are published: those not marked private. */
export function publishedPackages(at: string = root): WorkspacePackage[] {
  return workspacePackages(at).filter(({ manifest }) => manifest.private !== true);
}

/** Reads a package.json; an absent one counts as empty. */
export function readManifest(path: string): Manifest {
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Manifest) : { name: "" };
}
