import type { ByteSource } from "./byte-source.ts";
import { checkRead } from "./check-read.ts";

/** A part of a source as a source of its own; positions count from its start. Harmless to make: reads nothing. */
export function sectionSource(source: ByteSource, start: number, size: number): ByteSource {
  return {
    name: source.name,
    size,
    async read(from, to, signal) {
      const end = Math.min(to, size);
      const bytes = await source.read(start + Math.min(from, end), start + end, signal);
      return checkRead(bytes, from, to, source.name);
    },
  };
}
