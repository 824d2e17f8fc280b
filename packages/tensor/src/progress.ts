/** How far a long piece of work has come. */
export interface Progress {
  /** What is being done, as a short phrase, e.g. `analysing`. */
  readonly phase: string;
  readonly done: number;
  readonly total: number;
  readonly unit: "bytes" | "modules" | "files";
}

/** What every long call takes besides its inputs and options. */
export interface JobContext {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}
