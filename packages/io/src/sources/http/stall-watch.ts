import type { HttpSettings } from "./http-options.ts";

/** A signal for one exchange: aborted by the caller, or when nothing has come for too long. */
export interface StallWatch {
  readonly signal: AbortSignal;
  /** Whether it was the watch that ended the exchange. */
  stalled(): boolean;
  /** Something came. */
  mark(): void;
  /** Ends the watch; the timer is given back. */
  end(): void;
}

/** Watches one exchange: looks every `stallMs` whether anything came since the last look. */
export function stallWatch({ sleep, stallMs }: HttpSettings, outer: AbortSignal | undefined): StallWatch {
  const inner = new AbortController();
  const ended = new AbortController();
  let [alive, stalled] = [true, false];
  const abort = (): void => inner.abort(outer?.reason);
  if (outer?.aborted) abort();
  outer?.addEventListener("abort", abort);
  void (async () => {
    for (;;) {
      await sleep(stallMs, ended.signal);
      if (ended.signal.aborted) return;
      if (!alive) {
        stalled = true;
        return inner.abort();
      }
      alive = false;
    }
  })();
  return {
    signal: inner.signal,
    stalled: () => stalled,
    mark: () => {
      alive = true;
    },
    end() {
      outer?.removeEventListener("abort", abort);
      ended.abort();
    },
  };
}
