import type { Preview } from "@lora/jobs";
import type { JSX } from "preact";
import { bytesText } from "../format/bytes-text.ts";
import { countText, percentText } from "../format/number-text.ts";

interface OutcomeProps {
  readonly preview: Preview;
  /** Of the file as it is. */
  readonly bytesBefore: number;
}

/** What would be written. */
export function Outcome({ preview, bytesBefore }: OutcomeProps): JSX.Element {
  const { bytes, rank, retainedEnergy, relativeErrorFrobenius, dropped } = preview;
  const ranks = rank.min === rank.max ? String(rank.max) : `${rank.min}–${rank.max}`;
  const facts = [
    ["Energy kept", percentText(retainedEnergy), "of Σσ² over all modules"],
    ["Relative error", percentText(relativeErrorFrobenius), "before rounding to the stored type"],
    [
      "File",
      bytesText(bytes),
      `${percentText(bytes / bytesBefore)} of ${bytesText(bytesBefore)}, to the byte`,
    ],
    [
      "Ranks",
      ranks,
      dropped === 0 ? countText(rank.modules, "module") : `${countText(dropped, "module")} left out`,
    ],
  ] as const;
  return (
    <dl class="outcome" data-bytes={bytes}>
      {facts.map(([title, value, hint]) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd>{value}</dd>
          <dd class="fact-hint">{hint}</dd>
        </div>
      ))}
    </dl>
  );
}
