/** One value that is replaced as a whole, and those who want to know. */
export interface Store<T> {
  get(): T;
  /** Replaces what differs; who listens is told once, after it. */
  update(change: Partial<T> | ((current: T) => Partial<T>)): void;
  /** @returns ends it */
  subscribe(listener: () => void): () => void;
}

/** A store that begins with this value. */
export function createStore<T extends object>(initial: T): Store<T> {
  const listeners = new Set<() => void>();
  let value = initial;
  return {
    get: () => value,
    update(change) {
      value = { ...value, ...(typeof change === "function" ? change(value) : change) };
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
