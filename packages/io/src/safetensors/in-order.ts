/** How the steps of `inOrder` are done. */
export interface Steps<T, R> {
  /** Makes what is to be used, beside others. `memory` is what the lane used before, where it has any. */
  make(item: T, memory: Uint8Array | undefined): Promise<R>;
  /** What a lane has to begin with. */
  readonly memory?: (() => Uint8Array) | undefined;
  /** Uses it, one at a time, in the order of the items. @returns memory that is free afterwards */
  use(made: R, item: T): Promise<Uint8Array | undefined>;
}

/**
 * Makes several items side by side, `lanes` at most, and uses them one after the other in their order: what is made waits
 * for its turn. After a failure nothing more begins, and it ends when all that runs has ended.
 *
 * @throws what the first step that failed throws
 */
export async function inOrder<T, R>(items: Iterator<T>, lanes: number, steps: Steps<T, R>): Promise<void> {
  let turn: Promise<void> = Promise.resolve();
  const failures: unknown[] = [];
  const lane = async (): Promise<void> => {
    let memory = steps.memory?.();
    while (failures.length === 0) {
      const next = items.next();
      if (next.done === true) return;
      const before = turn;
      let pass = (): void => undefined;
      turn = new Promise((resolve) => (pass = resolve));
      try {
        const made = await steps.make(next.value, memory);
        await before;
        if (failures.length === 0) memory = await steps.use(made, next.value);
      } catch (error) {
        failures.push(error);
      } finally {
        pass();
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  if (failures.length > 0) throw failures[0];
}
