import type {
  CombineReport,
  CompareReport,
  ConvertReport,
  MetadataReport,
  RankSummary,
  ResizeReport,
  VerifyReport,
} from "@lora/jobs";
import { bytesText } from "../format/bytes-text.ts";
import { numberText, percentText } from "../format/number-text.ts";

/** One number of a report, with its name. */
export interface Fact {
  readonly title: string;
  readonly text: string;
}

/** The numbers of a report that matter most, in reading order. */
export function reportFacts(report: object): Fact[] {
  const known = report as
    | ResizeReport
    | CombineReport
    | VerifyReport
    | ConvertReport
    | CompareReport
    | MetadataReport;
  switch (known.job) {
    case "resize":
      return resizeFacts(known);
    case "combine":
      return combineFacts(known);
    case "verify":
      return verifyFacts(known);
    case "convert":
      return convertFacts(known);
    case "compare":
      return compareFacts(known);
    case "metadata":
      return metadataFacts(known);
    default:
      return generalFacts(report);
  }
}

function resizeFacts({ input, output, rule, relativeErrorFrobenius, dropped }: ResizeReport): Fact[] {
  return [
    fact("Size", `${bytesText(input.bytes ?? 0)} → ${bytesText(output.bytes)}`),
    fact("Rank", `${ranks(input.rank)} → ${ranks(output.rank)}`),
    fact("Error", percentText(relativeErrorFrobenius)),
    fact("Rule", rule.title),
    fact("Stored as", output.dtype),
    ...(dropped.length > 0 ? [fact("Left out", `${dropped.length} modules`)] : []),
  ];
}

function combineFacts({
  output,
  method,
  interference,
  relativeErrorFrobenius,
  distanceFromSum,
}: CombineReport): Fact[] {
  return [
    fact("Size", bytesText(output.bytes)),
    fact("Rank", ranks(output.rank)),
    fact("Error", percentText(relativeErrorFrobenius)),
    fact("From the plain sum", percentText(distanceFromSum)),
    fact("Method", method.title),
    ...interference
      .slice(0, 3)
      .map(({ a, b, cosine }) => fact(`Cosine of ${a + 1} and ${b + 1}`, numberText(cosine))),
  ];
}

function verifyFacts({
  passed,
  relativeErrorFrobenius,
  tolerance,
  modules,
  onlyInA,
  onlyInB,
}: VerifyReport): Fact[] {
  return [
    fact("Verdict", passed ? "the same" : "different"),
    fact("Error", percentText(relativeErrorFrobenius)),
    fact("Tolerance", percentText(tolerance)),
    fact(
      "Modules within",
      `${modules.filter((module) => module.withinTolerance).length} of ${modules.length}`,
    ),
    ...(onlyInA.length > 0 ? [fact("Only in the first", String(onlyInA.length))] : []),
    ...(onlyInB.length > 0 ? [fact("Only in the second", String(onlyInB.length))] : []),
  ];
}

function convertFacts({ input, output, passed, ...report }: ConvertReport): Fact[] {
  const good = report.modules.filter(({ withinTolerance }) => withinTolerance).length;
  const changes = [
    ["Split", report.split],
    ["Joined", report.joined],
    ["Made plain LoRA", report.unfolded],
    ["Scale folded in", report.folded],
    ["Padded with zeros", report.padded],
    ["Approximated", report.approximated],
    ["Brought into f16", report.rebalanced],
    ["Tensors dropped", report.dropped],
    ["Left out", report.leftOut],
  ] as const;
  return [
    fact("Read back", passed ? "the same" : "different"),
    fact("Error", percentText(report.relativeErrorFrobenius)),
    fact("Modules within", `${good} of ${report.modules.length}`),
    fact("Dialect", `${input.dialect} → ${output.dialect}`),
    fact("Size", `${bytesText(input.bytes ?? 0)} → ${bytesText(output.bytes)}`),
    fact("Rank", `${ranks(input.rank)} → ${ranks(output.rank)}`),
    fact("Stored as", output.dtype),
    ...changes.flatMap(([title, names]) => (names.length === 0 ? [] : [fact(title, String(names.length))])),
  ];
}

function compareFacts({ files, pairs: [pair] }: CompareReport): Fact[] {
  const { cosine, sharedCosine, modules, onlyInA, onlyInB, sameWithin, ...all } = pair!;
  return [
    ...(sameWithin === null ? [] : [fact("Verdict", `the same, within the rounding of ${sameWithin}`)]),
    fact("Cosine", numberText(cosine)),
    ...(onlyInA.length + onlyInB.length > 0
      ? [fact("Cosine of what both change", numberText(sharedCosine))]
      : []),
    fact("Distance", `${percentText(all.relativeDistance)} of the larger`),
    fact("Second / first", numberText(all.normRatio)),
    fact("Same outputs", percentText(all.outputOverlap)),
    fact("Same inputs", percentText(all.inputOverlap)),
    fact("Modules in both", String(modules.length)),
    ...(onlyInA.length > 0 ? [fact("Only in the first", String(onlyInA.length))] : []),
    ...(onlyInB.length > 0 ? [fact("Only in the second", String(onlyInB.length))] : []),
    ...files.map(({ name, fingerprint }) => fact(`Fingerprint of ${name}`, fingerprint)),
  ];
}

function metadataFacts({ metadata, changes, output }: MetadataReport): Fact[] {
  return [
    fact("Size", bytesText(output?.bytes ?? 0)),
    fact("Keys", String(Object.keys(metadata).length)),
    fact("Added", changes.added.join(", ") || "none"),
    fact("Changed", changes.changed.join(", ") || "none"),
    fact("Removed", changes.removed.join(", ") || "none"),
  ];
}

/** Of a report that has no list here: its plain numbers and words. */
function generalFacts(report: object): Fact[] {
  return Object.entries(report)
    .filter(([name, value]) => name !== "job" && ["number", "string", "boolean"].includes(typeof value))
    .map(([name, value]) =>
      fact(spaced(name), typeof value === "number" ? numberText(value) : String(value)),
    );
}

function ranks({ min, max }: RankSummary): string {
  return min === max ? String(max) : `${min}–${max}`;
}

function spaced(name: string): string {
  const words = name.replace(/[A-Z]/gu, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function fact(title: string, text: string): Fact {
  return { title, text };
}
