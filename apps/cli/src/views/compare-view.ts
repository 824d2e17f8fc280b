import type { ComparedFile, ComparedPair, CompareReport } from "@lora/jobs";
import { bytesText, counted, percent, significant } from "../terminal/number-format.ts";
import { printable } from "../terminal/printable.ts";
import { symbols } from "../terminal/symbols.ts";
import { table } from "../terminal/table.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { comparedModules } from "./compared-modules.ts";
import { cosineText } from "./cosine-text.ts";
import { type Fact, factBlock } from "./fact-block.ts";
import { letter } from "./letter.ts";
import { nameLines } from "./name-lines.ts";
import { section } from "./section.ts";
import { rangeText } from "./statistics.ts";
import { warningLines } from "./warning-lines.ts";

/** What of a comparison is shown. */
export interface CompareViewOptions {
  /** `all` or a glob; the least alike when left out. */
  readonly modules?: string | undefined;
}

/** A comparison as text: the files, how alike they are together, and the modules that are least alike; a matrix for many. */
export function compareView(
  report: CompareReport,
  terminal: Terminal,
  { modules }: CompareViewOptions = {},
): string[] {
  const { files, pairs, warnings } = report;
  const [pair] = pairs;
  const single = files.length === 2 ? pair! : undefined;
  return [
    terminal.style("title", `How alike are the updates of ${counted(files.length, "adapter")}?`),
    ...section("Adapters", fileTable(files, terminal), terminal),
    ...(single === undefined
      ? manySections(report, terminal)
      : pairSections(single, { files, modules, terminal })),
    ...warningLines(warnings, terminal),
    "",
    single === undefined ? closest(report) : verdict(single),
  ];
}

function fileTable(files: readonly ComparedFile[], terminal: Terminal): string[] {
  return table(
    [
      { title: "", cell: (file: ComparedFile) => letter(files.indexOf(file)) },
      { title: "adapter", align: "left", shrinks: true, cell: (file) => printable(file.name) },
      { title: "size", optional: true, cell: (file) => bytesText(file.bytes) },
      { title: "modules", cell: (file) => String(file.rank.modules) },
      { title: "rank", cell: (file) => rangeText([file.rank.min, file.rank.max]) },
      { title: symbols(terminal.unicode).updateNorm, cell: (file) => significant(file.frobenius) },
      { title: "dialect", align: "left", optional: true, cell: (file) => file.dialect },
      { title: "fingerprint", align: "left", cell: (file) => file.fingerprint },
    ],
    files,
    terminal,
  );
}

function pairSections(
  pair: ComparedPair,
  {
    files,
    modules,
    terminal,
  }: { files: readonly ComparedFile[]; modules: string | undefined; terminal: Terminal },
): string[] {
  const only = (index: number, names: readonly string[]): string[] =>
    section(`Only in ${printable(files[index]!.name)}`, nameLines(names), terminal);
  return [
    ...section("All updates together", factBlock(pairFacts(pair), terminal), terminal),
    ...section(
      modules === undefined ? "Modules that are least alike" : "Modules",
      comparedModules(pair.modules, modules, terminal),
      terminal,
    ),
    ...only(pair.a, pair.onlyInA),
    ...only(pair.b, pair.onlyInB),
  ];
}

function pairFacts(pair: ComparedPair): Fact[] {
  const { cosine, sharedCosine, modules, onlyInA, onlyInB } = pair;
  const alone = onlyInA.length + onlyInB.length > 0;
  const lonely = alone ? `, ${onlyInA.length} only in A, ${onlyInB.length} only in B` : "";
  return [
    ["modules", `${modules.length} in both${lonely}`],
    [
      "cosine",
      `${cosineText(cosine)}${alone ? `; ${cosineText(sharedCosine)} over the modules in both` : ""}`,
    ],
    ["distance", `${percent(pair.relativeDistance)} of the larger`],
    ["size", pair.normRatio === null ? undefined : `B is ${significant(pair.normRatio)} times A`],
    ["shared outputs", meanText(pair.outputOverlap, "writes to")],
    ["shared inputs", meanText(pair.inputOverlap, "reads")],
  ];
}

function meanText(overlap: number | null, what: string): string | undefined {
  return overlap === null
    ? undefined
    : `${percent(overlap)} of the directions that the smaller rank ${what}, on average`;
}

function manySections({ files, pairs }: CompareReport, terminal: Terminal): string[] {
  const between = (a: number, b: number): ComparedPair | undefined =>
    pairs.find((pair) => (pair.a === a && pair.b === b) || (pair.a === b && pair.b === a));
  const cosines = table(
    [
      { title: "", align: "left", cell: (row: number) => letter(row) },
      ...files.map((_, column) => ({
        title: letter(column),
        cell: (row: number) => (row === column ? "1" : cosineText(between(row, column)!.cosine)),
      })),
    ],
    [...files.keys()],
    terminal,
  );
  const details = table(
    [
      { title: "pair", align: "left", cell: ({ a, b }: ComparedPair) => `${letter(a)} ${letter(b)}` },
      { title: "modules in both", cell: ({ modules }) => String(modules.length) },
      { title: "cosine", cell: ({ cosine }) => cosineText(cosine) },
      { title: "distance", cell: (pair) => percent(pair.relativeDistance) },
      { title: "size", cell: ({ normRatio }) => significant(normRatio) },
      { title: "shared outputs", optional: true, cell: ({ outputOverlap }) => percent(outputOverlap) },
      { title: "shared inputs", optional: true, cell: ({ inputOverlap }) => percent(inputOverlap) },
    ],
    pairs,
    terminal,
  );
  return [...section("Cosines", cosines, terminal), ...section("Pairs", details, terminal)];
}

function verdict({ sameWithin, cosine, relativeDistance, modules }: ComparedPair): string {
  if (modules.length === 0) return "nothing in common to compare";
  if (sameWithin !== null) return `the same update within the rounding of ${sameWithin}`;
  return `cosine ${cosineText(cosine)}, distance ${percent(relativeDistance)} of the larger`;
}

function closest({ pairs, files }: CompareReport): string {
  const [nearest] = pairs.toSorted((x, y) => (y.cosine ?? -1) - (x.cosine ?? -1));
  const { a, b, sameWithin, cosine } = nearest!;
  const names = `${printable(files[a]!.name)} and ${printable(files[b]!.name)}`;
  if (sameWithin !== null) return `${names} make the same update within the rounding of ${sameWithin}`;
  return `most alike: ${names}, cosine ${cosineText(cosine)}`;
}
