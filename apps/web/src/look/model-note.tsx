import type { JSX } from "preact";
import { useAppState } from "../app/use-app.ts";
import { countText } from "../format/number-text.ts";
import { ReadAs } from "./read-as.tsx";

/** What is shown where no adapter is open: why not, of a file that is one thing else. */
export function ModelNote(): JSX.Element | null {
  const model = useAppState(({ files }) => files.find(({ state }) => state.kind === "model"));
  if (model?.state.kind !== "model") return null;
  return (
    <section class="note">
      <h1>{model.name}</h1>
      <p>
        {countText(model.state.tensors, "tensor")}, and no adapter among them: {model.state.why.message}. It
        is kept as a base: drop an adapter that was trained on it, and each update is measured beside its
        weight.
      </p>
      <ReadAs key={model.id} file={model.id} dialect={undefined} />
    </section>
  );
}
