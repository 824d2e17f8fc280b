import "./welcome.css";
import type { JSX } from "preact";
import { AddressForm } from "../files/address-form.tsx";
import { OpenButtons } from "../files/open-buttons.tsx";
import { SampleButton } from "../files/sample-button.tsx";

const OFFERS = [
  [
    "Look",
    "What it is, how each update is spread over its rank, what is broken or wasted, and how it lies in the model it changes.",
  ],
  ["Shrink", "The same updates at lower ranks, with the error stated before and measured after."],
  ["Combine", "Adapters of any rank and naming into one, each at its weight; where they interfere is shown."],
  ["Check", "Whether two files make the same updates, whatever their ranks, names and stored types."],
] as const;

/** What the page is, before there is a file. */
export function Welcome(): JSX.Element {
  return (
    <div class="welcome">
      <h1>See inside a LoRA. Take a better one home.</h1>
      <p class="lead">
        Drop files anywhere on this page: LoRA, LoCon, LoHa, LoKr, from PEFT, kohya, diffusers, ComfyUI and
        others, of any size. Everything is calculated in this tab. Nothing is uploaded, and the page's
        security policy does not let it.
      </p>
      <div class="ways">
        <SampleButton class="primary" />
        <OpenButtons primary={false} />
        <AddressForm />
      </div>
      <p class="quiet small">
        The sample is a small language model and two adapters for it, one of which talks like a pirate (2.2
        MB, comes with the page).
      </p>
      <dl class="offers">
        {OFFERS.map(([title, text]) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
