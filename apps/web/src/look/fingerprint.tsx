import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { failureOf } from "../app/failure-of.ts";
import { useApp } from "../app/use-app.ts";

/** What tells the update of a file from others, for who asks: all of the file is read for it. */
export function Fingerprint({ file }: { readonly file: string }): JSX.Element {
  const app = useApp();
  const [asked, setAsked] = useState(false);
  const [text, setText] = useState<string | undefined>(undefined);
  const ask = (): void => {
    setAsked(true);
    void app
      .fingerprint(file)
      .catch((error: unknown) => failureOf(error).message)
      .then(setText);
  };
  return (
    <p class="small fact-tool">
      <button
        type="button"
        disabled={asked}
        onClick={ask}
        title="Equal for equal updates, whatever their dialect and ranks"
      >
        Fingerprint
      </button>{" "}
      <output class="mono">{text ?? (asked ? "reading …" : "")}</output>
    </p>
  );
}
