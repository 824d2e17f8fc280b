import type { Matrix } from "@lora/linalg";

/** `make` at the first call with each matrix, its result at every later one. */
export function rememberEach(make: (x: Matrix) => Matrix): (x: Matrix) => Matrix {
  const made = new WeakMap<Matrix, Matrix>();
  return (x) => {
    const result = made.get(x) ?? make(x);
    made.set(x, result);
    return result;
  };
}

/** `make` at the first call, its result at every later one. */
export function rememberOne<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
