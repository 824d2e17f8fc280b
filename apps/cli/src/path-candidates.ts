import { readdirSync } from "node:fs";

const ENDINGS = [
  ".safetensors",
  ".safetensors.index.json",
  ".bin",
  ".bin.index.json",
  ".pt",
  ".pth",
  ".ckpt",
  ".gguf",
  ".npz",
  ".npy",
];

/** Paths that a half-typed one may become: folders, and checkpoints. Nothing where the folder cannot be read. */
export function pathCandidates(word: string): string[] {
  const folder = word.slice(0, word.lastIndexOf("/") + 1);
  const start = word.slice(folder.length);
  try {
    return readdirSync(folder === "" ? "." : folder, { withFileTypes: true })
      .filter(({ name }) => name.startsWith(start) && (start !== "" || !name.startsWith(".")))
      .filter((entry) => entry.isDirectory() || ENDINGS.some((ending) => entry.name.endsWith(ending)))
      .map((entry) => folder + entry.name + (entry.isDirectory() ? "/" : ""))
      .toSorted();
  } catch {
    return [];
  }
}
