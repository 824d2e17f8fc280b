/** A file as it was dropped or chosen, with the folder it came in; "" where it came alone. */
export interface DroppedFile {
  readonly file: File;
  readonly folder: string;
}
