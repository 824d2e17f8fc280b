/** A tensor name without the `.weight` at its end: the path of the layer, or of a bare parameter. */
export function withoutWeight(name: string): string {
  return name.endsWith(".weight") ? name.slice(0, -".weight".length) : name;
}
