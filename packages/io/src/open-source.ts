import type { TensorFile } from "@lora/tensor";
import { LoraError, locate } from "@lora/tensor";
import { foreignError } from "./foreign.ts";
import type { Format } from "./formats/_format.ts";
import { formats as allFormats } from "./formats/_index.ts";
import type { ByteSource } from "./sources/byte-source.ts";

const HEAD_BYTES = 4096;

/** How to open a source. */
export interface OpenOptions {
  readonly signal?: AbortSignal | undefined;
  /** Left out: every format of this package. */
  readonly formats?: readonly Format[] | undefined;
}

/**
 * Opens a checkpoint in whatever format its first bytes show; where they show none, its extension decides,
 * and that format says what is wrong. The values stay where they are.
 *
 * @throws LoraError FORMAT when the file breaks its format, is a Git LFS pointer, a web page or text;
 *   UNSUPPORTED when it is of a kind that is not read; and what reading throws
 */
export function openSource(source: ByteSource, options: OpenOptions = {}): Promise<TensorFile> {
  const { signal, formats = allFormats } = options;
  return locate({ file: source.name }, async () => {
    const head = await source.read(0, Math.min(HEAD_BYTES, source.size), signal);
    const shown = formats.find((format) => format.sniff(head, source.name));
    if (shown !== undefined) return shown.open(source, signal);
    const foreign = foreignError(head);
    if (foreign !== undefined) throw foreign;
    const name = source.name.toLowerCase();
    const named = formats.find((format) => format.extensions.some((extension) => name.endsWith(extension)));
    if (named !== undefined) return named.open(source, signal);
    throw new LoraError("UNSUPPORTED", "the first bytes are of no format that is read", {
      formats: formats.map((format) => format.id),
      advice: `give a file of one of these: ${formats.map((format) => format.id).join(", ")}`,
    });
  });
}
