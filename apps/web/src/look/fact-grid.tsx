import type { InspectReport } from "@lora/jobs";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { bytesText } from "../format/bytes-text.ts";
import { durationText } from "../format/duration-text.ts";
import { countText, numberText, rangeText } from "../format/number-text.ts";
import { milestone } from "../milestone.ts";
import type { FileEntry } from "../store/app-state.ts";
import { Fingerprint } from "./fingerprint.tsx";
import { ReadAs } from "./read-as.tsx";
import { TrafficNote } from "./traffic-note.tsx";

interface FactGridProps {
  readonly entry: FileEntry;
  readonly inspect: InspectReport;
}

/** What a file is, in one look. */
export function FactGrid({ entry, inspect }: FactGridProps): JSX.Element {
  const { modules, file } = inspect;
  const complete = entry.state.kind === "adapter" && entry.state.complete;
  useEffect(() => milestone(complete ? "alphas" : "header", entry.id), [complete, entry.id]);
  const facts = [
    ["Dialect", inspect.dialect],
    ["Architecture", inspect.baseArchitecture],
    ["Kind", listed(modules.map(({ kind }) => kind))],
    ["Rank", rangeText(modules.map(({ rank }) => rank))],
    ["Alpha", alphaText(inspect, complete)],
    ["Modules", modules.length.toLocaleString("en")],
    ["Stored as", listed(modules.map(({ dtype }) => dtype))],
    ["Size", bytesText(entry.bytes)],
  ] as const;
  const rivals = inspect.reasons.filter((reason) => reason.includes("fits as well"));
  const read = entry.state.kind === "adapter" ? durationText(entry.state.milliseconds) : "";
  return (
    <>
      <dl class="facts">
        {facts.map(([title, text]) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <p class="quiet small">
        {inspect.format}, {countText(file.tensors, "tensor")}; header read in{" "}
        <span data-time="header">{read}</span>.{" "}
        {inspect.reasons
          .filter((reason) => !rivals.includes(reason))
          .slice(0, 2)
          .join("; ")}
      </p>
      {rivals.length > 0 && (
        <p class="small fact-tool">
          ○ Several dialects read its names: {rivals.join("; ")}. Choose another if the modules look wrong.
        </p>
      )}
      <div class="fact-tools">
        {complete && <Fingerprint key={entry.id} file={entry.id} />}
        {complete && <ReadAs key={entry.id} file={entry.id} dialect={chosenDialect(entry)} />}
      </div>
      {entry.remote && <TrafficNote file={entry.id} bytes={entry.bytes} />}
    </>
  );
}

function chosenDialect({ state }: FileEntry): string | undefined {
  return state.kind === "adapter" ? state.dialect : undefined;
}

/** Of the modules; until those of the file are read, what its metadata says they were trained with. */
function alphaText({ modules, metadata }: InspectReport, complete: boolean): string {
  const known = modules.flatMap(({ alpha }) => (alpha === null ? [] : [alpha]));
  if (complete || known.length === modules.length) return rangeText(known);
  const stated = Number(metadata["ss_network_alpha"]);
  return stated > 0 ? `${numberText(stated)}, as stated` : "…";
}

/** The different values, the most frequent first. */
function listed(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const names = [...counts].sort(([, a], [, b]) => b - a).map(([name]) => name);
  return names.length > 3
    ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more`
    : names.join(", ") || "–";
}
