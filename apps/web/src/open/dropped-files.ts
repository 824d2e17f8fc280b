import type { DroppedFile } from "./dropped-file.ts";

/** What a drop or a paste brings: files, and all files of folders. */
export async function droppedFiles(data: DataTransfer): Promise<DroppedFile[]> {
  // Entries must be taken before anything is waited for: the list empties itself after the event.
  const entries = [...data.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  if (entries.length === 0) return [...data.files].map((file) => ({ file, folder: "" }));
  const found = await Promise.all(entries.map((entry) => filesOf(entry, "")));
  return found.flat();
}

/** What a file button brings; with a folder, `webkitRelativePath` says where each file is. */
export function chosenFiles(list: FileList): DroppedFile[] {
  return [...list].map((file) => ({
    file,
    folder: file.webkitRelativePath.split("/").slice(0, -1).join("/"),
  }));
}

async function filesOf(entry: FileSystemEntry, folder: string): Promise<DroppedFile[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => {
      (entry as FileSystemFileEntry).file(resolve, reject);
    });
    return [{ file, folder }];
  }
  const inside = folder === "" ? entry.name : `${folder}/${entry.name}`;
  const children = await entriesOf((entry as FileSystemDirectoryEntry).createReader());
  const found = await Promise.all(children.map((child) => filesOf(child, inside)));
  return found.flat();
}

/** A reader gives at most a hundred entries at a time, and none at the end. */
async function entriesOf(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (some.length === 0) return all;
    all.push(...some);
  }
}
