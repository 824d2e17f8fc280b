/** The bytes of a pickle: numbers as they are, texts as their letters; a STOP is added. */
export function pickle(...parts: readonly (number | string)[]): Uint8Array<ArrayBuffer> {
  const bytes = parts.flatMap((part) =>
    typeof part === "string" ? [...new TextEncoder().encode(part)] : [part],
  );
  return Uint8Array.from([0x80, 2, ...bytes, 0x2e]);
}

/** A text of less than 256 letters. */
export function text(value: string): string {
  return `U${String.fromCodePoint(value.length)}${value}`;
}
