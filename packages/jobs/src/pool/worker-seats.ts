import { Gate } from "./gate.ts";
import { type SharedKernels, type Spawn, WorkerSeat } from "./worker-seat.ts";

/** The workers of a pool: lends a free one, or waits until there is one. */
export class WorkerSeats {
  readonly #seats: readonly WorkerSeat[];
  readonly #free: WorkerSeat[];
  readonly #gate: Gate;
  readonly #shared: SharedKernels = { compiled: undefined };

  constructor(size: number, spawn: Spawn) {
    this.#seats = Array.from({ length: size }, () => new WorkerSeat(spawn, this.#shared));
    this.#free = [...this.#seats];
    this.#gate = new Gate({ count: size, bytes: 0 });
  }

  lend<R>(work: (seat: WorkerSeat) => Promise<R>): Promise<R> {
    return this.#gate.inside(0, async () => {
      // The one that was given back last: a small job makes no more workers than it needs.
      const seat = this.#free.pop()!;
      try {
        return await work(seat);
      } finally {
        this.#free.push(seat);
      }
    });
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
}
