const CHUNK_BYTES = 2 ** 22;

/** The bytes of a blob in order, some megabytes at a time. */
export async function* chunksOf(blob: Blob): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < blob.size; at += CHUNK_BYTES) {
    yield new Uint8Array(await blob.slice(at, at + CHUNK_BYTES).arrayBuffer());
  }
}
