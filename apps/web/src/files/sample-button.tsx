import type { JSX } from "preact";
import { useApp } from "../app/use-app.ts";

/** Opens the adapters that come with the page, with their model. */
export function SampleButton({ class: look }: { readonly class: string }): JSX.Element {
  const app = useApp();
  const load = async (): Promise<void> => {
    const { sampleFiles } = await import("../sample/sample-files.ts");
    app.open(await sampleFiles());
  };
  return (
    <button type="button" class={look} onClick={() => void load()}>
      Try the sample
    </button>
  );
}
