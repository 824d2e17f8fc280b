import { LoraError } from "@lora/tensor";

/** Calls that one signal cancels, or none. */
interface Group {
  readonly rejections: Set<(error: Error) => void>;
  /** Stops listening to the signal. */
  leave(): void;
}

/** Calls that have not ended. It listens to each signal once, however many calls have it. */
export class PendingCalls {
  readonly #groups = new Map<AbortSignal | undefined, Group>();

  /**
   * The result of `work`; what it gives after the signal was aborted is dropped.
   *
   * @throws LoraError ABORTED as soon as the signal is
   */
  track<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const group = this.#groups.get(signal) ?? this.#newGroup(signal);
      group.rejections.add(reject);
      work.then(resolve, reject).finally(() => {
        group.rejections.delete(reject);
        if (group.rejections.size === 0) group.leave();
      });
    });
  }

  /** Ends all calls with this error. */
  rejectAll(error: Error): void {
    for (const { rejections } of this.#groups.values()) for (const reject of rejections) reject(error);
  }

  #newGroup(signal: AbortSignal | undefined): Group {
    const rejections = new Set<(error: Error) => void>();
    const abort = (): void => {
      const error = new LoraError("ABORTED", "the work was cancelled", { cause: signal?.reason });
      for (const reject of rejections) reject(error);
    };
    const leave = (): void => {
      signal?.removeEventListener("abort", abort);
      this.#groups.delete(signal);
    };
    signal?.addEventListener("abort", abort);
    const group = { rejections, leave };
    this.#groups.set(signal, group);
    return group;
  }
}
