import type { JSX } from "preact";
import { useState } from "preact/hooks";

/** A command to copy. */
export function CommandBox({ command }: { readonly command: string }): JSX.Element {
  const [copied, setCopied] = useState("");
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(command);
    setCopied(command);
  };
  return (
    <div class="command">
      <code>{command}</code>
      <button type="button" onClick={() => void copy()}>
        Copy
      </button>
      <span class="quiet small" role="status">
        {copied === command ? "Copied" : ""}
      </span>
    </div>
  );
}
