export { fileSink } from "./file-sink.ts";
export type { FileSinkOptions } from "./file-sink.ts";
export { fileSource } from "./file-source.ts";
export type { FileSource } from "./file-source.ts";
export { openFile } from "./open-file.ts";
export type { OpenedFile } from "./open-file.ts";
export { writeFile } from "./write-file.ts";
export type { WriteOptions } from "./write-file.ts";
