/** A file that waits to be saved. */
export interface SavedFile {
  readonly name: string;
  readonly blob: Blob;
}

/** Writes files into a new folder, or one of that name, in a folder that the user chose. */
export async function saveFolder(
  parent: FileSystemDirectoryHandle,
  name: string,
  files: readonly SavedFile[],
): Promise<void> {
  const folder = await parent.getDirectoryHandle(name, { create: true });
  for (const file of files) {
    const handle = await folder.getFileHandle(file.name, { create: true });
    await file.blob.stream().pipeTo(await handle.createWritable());
  }
}
