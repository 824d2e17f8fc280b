// Chromium's way to choose where a file is saved; not in TypeScript's types.
declare var showSaveFilePicker:
  | ((options: { readonly suggestedName: string }) => Promise<FileSystemFileHandle>)
  | undefined;
declare var showDirectoryPicker:
  | ((options: { readonly mode: "readwrite" }) => Promise<FileSystemDirectoryHandle>)
  | undefined;
