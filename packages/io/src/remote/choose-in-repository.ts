import { LoraError } from "@lora/tensor";
import { chooseInFolder } from "../choose-in-folder.ts";

/** What a repository holds: paths of all its files. */
export interface RepositoryFiles {
  /** What to call it in messages: the id. */
  readonly name: string;
  readonly paths: readonly string[];
}

/** The chosen file, and what is beside it. */
export interface ChosenFile {
  /** "" for the top, else with a slash at its end. */
  readonly folder: string;
  readonly fileName: string;
  readonly files: ReadonlySet<string>;
}

/**
 * Which file of a repository a path means: the file itself, or the model of the folder.
 *
 * @throws LoraError MISSING when there is no such path, or no model in the folder: then the folders that have one are
 *   named; USAGE when the folder holds several models
 */
export function chooseInRepository({ name, paths }: RepositoryFiles, path: string): ChosenFile {
  const slash = path.lastIndexOf("/") + 1;
  if (paths.includes(path)) return chosen(paths, path.slice(0, slash), path.slice(slash));
  const folder = path === "" ? "" : `${path}/`;
  const names = filesIn(paths, folder);
  if (folder !== "" && names.length === 0 && !paths.some((one) => one.startsWith(folder))) {
    throw new LoraError("MISSING", `the repository has no file or folder ${path}`, {
      file: name,
      advice: "check the path, and the revision behind an @",
    });
  }
  try {
    return chosen(paths, folder, chooseInFolder(names, name));
  } catch (error) {
    if (!(error instanceof LoraError) || error.code !== "MISSING") throw error;
    throw nothingIn({ name, paths }, folder);
  }
}

function chosen(paths: readonly string[], folder: string, fileName: string): ChosenFile {
  return { folder, fileName, files: new Set(filesIn(paths, folder)) };
}

/** Plain names of the files of a folder, sorted. */
function filesIn(paths: readonly string[], folder: string): string[] {
  return paths
    .filter((path) => path.startsWith(folder))
    .map((path) => path.slice(folder.length))
    .filter((name) => name !== "" && !name.includes("/"))
    .sort();
}

/** As pipelines of diffusers are: a model in each folder, none at the top. */
function nothingIn({ name, paths }: RepositoryFiles, folder: string): LoraError {
  const below = new Set(
    paths
      .filter((path) => path.startsWith(folder) && /\.(safetensors|bin|gguf|npz|pt|pth|ckpt)$/u.test(path))
      .map((path) => path.slice(0, path.lastIndexOf("/"))),
  );
  const folders = [...below].sort();
  const where = folders.length === 0 ? "" : `, but in ${folders.slice(0, 8).join(", ")}`;
  return new LoraError("MISSING", `there is no checkpoint at this place of the repository${where}`, {
    file: name,
    advice:
      folders.length === 0 ? "check the id" : `name the folder: ${name}/${folders[0]!.slice(folder.length)}`,
  });
}
