import type { JSX } from "preact";
import { OpenButtons } from "../files/open-buttons.tsx";
import { SampleButton } from "../files/sample-button.tsx";
import { countText } from "../format/number-text.ts";

/** What is missing before an action can begin. */
export function NeedFiles({
  least,
  present,
}: {
  readonly least: number;
  readonly present: number;
}): JSX.Element {
  return (
    <div class="need">
      <p>
        It takes {least === 1 ? "an adapter" : `${least} adapters`}
        {present > 0 && `, and ${countText(present, "adapter")} is open`}. Drop files anywhere on this page,
        or
      </p>
      <div class="ways">
        <OpenButtons primary />
        {present === 0 && <SampleButton class="" />}
      </div>
    </div>
  );
}
