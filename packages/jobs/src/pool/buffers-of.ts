/**
 * The buffers that posted data may take along instead of being copied: those of typed arrays that fill theirs.
 * A view of a part stays: moving it would take the rest from its owner.
 */
export function buffersOf(data: unknown): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>();
  collect(data, found);
  return [...found];
}

function collect(data: unknown, found: Set<ArrayBuffer>): void {
  if (typeof data !== "object" || data === null) return;
  if (!ArrayBuffer.isView(data)) {
    for (const value of Object.values(data)) collect(value, found);
  } else if (data.buffer instanceof ArrayBuffer && data.byteLength === data.buffer.byteLength) {
    found.add(data.buffer);
  }
}
