import type { JSX } from "preact";

/** What can be done with files. */
export function DoView(): JSX.Element {
  return <h1>Make a better one</h1>;
}
