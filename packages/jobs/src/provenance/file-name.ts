/** A file's own name: paths of the machine it was made on are nobody's business. */
export function fileName(path: string): string {
  return path.split(/[/\\]/).at(-1)!;
}
