/** How far a long piece of work has come. */
export interface Progress {
  /** What is being done, as a short phrase, e.g. `analysing`. */
  readonly phase: string;
  readonly done: number;
  readonly total: number;
  readonly unit: "bytes" | "modules" | "files";
}

/** A SHA-256 in the making, as `createHash("sha256")` of Node is one. */
export interface Sha256 {
  update(bytes: Uint8Array): unknown;
  /** Ends the hashing; once. */
  digest(): Uint8Array;
}

/** What every long call takes besides its inputs and options. */
export interface JobContext {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Begins a SHA-256 where one is needed; left out, one in JavaScript. That of the platform is ten times as fast. */
  readonly sha256?: (() => Sha256) | undefined;
}
