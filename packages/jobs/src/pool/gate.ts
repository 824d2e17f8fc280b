/** How much a gate lets in at a time. */
export interface GateLimits {
  readonly count: number;
  readonly bytes: number;
}

/** Lets work in, in the order it comes, while what is inside stays within limits; one alone may exceed the bytes. */
export class Gate {
  readonly #limits: GateLimits;
  readonly #waiting: { readonly bytes: number; readonly open: () => void }[] = [];
  #count = 0;
  #bytes = 0;

  constructor(limits: GateLimits) {
    this.#limits = limits;
  }

  /** Runs `work` as soon as there is room for it. */
  async inside<R>(bytes: number, work: () => Promise<R>): Promise<R> {
    await new Promise<void>((open) => {
      this.#waiting.push({ bytes, open });
      this.#admit();
    });
    try {
      return await work();
    } finally {
      this.#count -= 1;
      this.#bytes -= bytes;
      this.#admit();
    }
  }

  #admit(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const fits = this.#count === 0 || this.#bytes + next.bytes <= this.#limits.bytes;
      if (!fits || this.#count >= this.#limits.count) return;
      this.#count += 1;
      this.#bytes += next.bytes;
      this.#waiting.shift();
      next.open();
    }
  }
}
