import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

/** A component that is loaded when it is first shown. Call it once, outside any component. */
export function lazy<P extends object>(load: () => Promise<ComponentType<P>>): (props: P) => JSX.Element {
  return function Lazy(props: P): JSX.Element {
    const [Loaded, setLoaded] = useState<ComponentType<P>>();
    useEffect(() => {
      void load().then((component) => setLoaded(() => component));
    }, []);
    return Loaded === undefined ? <p class="quiet">…</p> : <Loaded {...props} />;
  };
}
