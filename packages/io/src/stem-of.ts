/** The name of a file without folders and extension: what a tensor is called that its file gives no name. */
export function stemOf(name: string): string {
  const base = name
    .replace(/[/\\]+$/u, "")
    .split(/[/\\]/u)
    .at(-1)!;
  return base.replace(/(?<=.)\.[^.]*$/u, "") || "tensor";
}
