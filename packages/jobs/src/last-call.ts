/** Remembers the last call: the tensors of one module are pulled one after the other, and made together. */
export function lastCall<T>(): (key: string, make: () => Promise<T>) => Promise<T> {
  let last: { readonly key: string; readonly value: Promise<T> } | undefined;
  return (key, make) => {
    if (last?.key !== key) last = { key, value: make() };
    return last.value;
  };
}
