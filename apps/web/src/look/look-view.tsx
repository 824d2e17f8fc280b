import type { JSX } from "preact";

/** What is in a file. */
export function LookView(): JSX.Element {
  return <h1>See inside a LoRA</h1>;
}
