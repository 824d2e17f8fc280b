import { useEffect, useReducer } from "preact/hooks";
import type { Store } from "./create-store.ts";

/** Part of a store's value; the component is drawn again when that part is another one. */
export function useSelected<T extends object, S>(store: Store<T>, select: (value: T) => S): S {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const selected = select(store.get());
  useEffect(() => {
    const compare = (): void => {
      if (!Object.is(select(store.get()), selected)) redraw(undefined);
    };
    compare(); // it may have changed between drawing and now
    return store.subscribe(compare);
  });
  return selected;
}
