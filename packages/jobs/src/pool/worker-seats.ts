import { type SharedKernels, type Spawn, WorkerSeat } from "./worker-seat.ts";

/** A task that waits for a worker. */
interface Waiting {
  readonly asks: boolean;
  readonly open: (seat: WorkerSeat) => void;
}

/**
 * The workers of a pool: lends a free one, or waits until there is one. A worker whose task asks takes a second that does: it has
 * something to do while the first waits for its answer.
 */
export class WorkerSeats {
  readonly #seats: readonly WorkerSeat[];
  /** Those without a task, the one that was given back last at the end. */
  readonly #free: WorkerSeat[];
  /** Those with one task that asks. */
  readonly #shareable: WorkerSeat[] = [];
  readonly #waiting: Waiting[] = [];
  readonly #shared: SharedKernels = { compiled: undefined };

  constructor(size: number, spawn: Spawn) {
    this.#seats = Array.from({ length: size }, () => new WorkerSeat(spawn, this.#shared));
    this.#free = [...this.#seats];
  }

  /** @param asks whether the work is a task that asks */
  async lend<R>(asks: boolean, work: (seat: WorkerSeat) => Promise<R>): Promise<R> {
    const seat = await new Promise<WorkerSeat>((open) => {
      this.#waiting.push({ asks, open });
      this.#admit();
    });
    try {
      return await work(seat);
    } finally {
      this.#giveBack(seat, asks);
      this.#admit();
    }
  }

  /** Makes the worker that gets the first task now, and all others when it has compiled what they need too. */
  begin(): void {
    this.#shared.onCompiled = () => {
      for (const seat of this.#seats) seat.begin();
    };
    this.#free.at(-1)?.begin();
  }

  async close(): Promise<void> {
    this.#shared.onCompiled = undefined;
    await Promise.all(this.#seats.map((seat) => seat.close()));
  }

  #admit(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const seat = this.#take(next.asks);
      if (seat === undefined) return;
      this.#waiting.shift();
      next.open(seat);
    }
  }

  #take(asks: boolean): WorkerSeat | undefined {
    // The one that was given back last: a small job makes no more workers than it needs.
    const seat = this.#free.pop();
    if (seat === undefined) return asks ? this.#shareable.shift() : undefined;
    if (asks) this.#shareable.push(seat);
    return seat;
  }

  #giveBack(seat: WorkerSeat, asked: boolean): void {
    const at = this.#shareable.indexOf(seat);
    if (asked && at < 0) this.#shareable.push(seat);
    else {
      if (at >= 0) this.#shareable.splice(at, 1);
      this.#free.push(seat);
    }
  }
}
