/** Something that is made when it is wanted, or a little before. */
export interface Step<T> {
  /** Bytes of what is made. */
  readonly bytes: number;
  make(): Promise<T>;
}

/** How far ahead of what is wanted steps are begun. */
export interface Window {
  readonly steps: number;
  /** Of all that is held at a time; the step that is wanted may have more. @default 64 MiB */
  readonly bytes?: number | undefined;
}

const MOST_BYTES = 64 * 2 ** 20;

/**
 * Makes steps that are wanted in the order in which they were added: with one, those after it are begun too, as
 * far as the window lets, so that workers have something to do. What leaves the window is forgotten, and made
 * again if it should be wanted after all.
 */
export class LookAhead<T> {
  readonly #window: Readonly<Record<"steps" | "bytes", number>>;
  readonly #steps: Step<T>[] = [];
  readonly #begun = new Map<number, Promise<T>>();

  constructor(window: Window) {
    this.#window = { steps: window.steps, bytes: window.bytes ?? MOST_BYTES };
  }

  /** Adds a step; the function that is returned asks for it. */
  add(step: Step<T>): () => Promise<T> {
    const index = this.#steps.push(step) - 1;
    return () => this.#pull(index);
  }

  #pull(index: number): Promise<T> {
    const last = Math.min(index + this.#window.steps, this.#steps.length - 1);
    for (const at of this.#begun.keys()) if (at < index || at > last) this.#begun.delete(at);
    let bytes = 0;
    for (let at = index; at <= last; at++) {
      bytes += this.#steps[at]!.bytes;
      if (at > index && bytes > this.#window.bytes) break;
      this.#begin(at);
    }
    return this.#begun.get(index)!;
  }

  #begin(index: number): void {
    if (this.#begun.has(index)) return;
    const made = this.#steps[index]!.make();
    // Whoever asks for it hears of a failure; nobody may.
    made.catch(() => undefined);
    this.#begun.set(index, made);
  }
}
