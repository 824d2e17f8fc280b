import type { ConvertReport } from "@lora/jobs";
import { bytesText, counted, percent, significant } from "../terminal/number-format.ts";
import { printable } from "../terminal/printable.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { extrasTable } from "./extras-table.ts";
import { type Fact, factBlock } from "./fact-block.ts";
import { nameLines } from "./name-lines.ts";
import { section } from "./section.ts";
import { warningLines } from "./warning-lines.ts";

/** A conversion as text: what it was and became, all that was changed on the way by name, and the verdict. */
export function convertView(report: ConvertReport, terminal: Terminal): string[] {
  const { dropped, leftOut } = report;
  return [
    terminal.style("title", `Converted: ${printable(report.input.name)}`),
    ...factBlock(headerFacts(report), terminal),
    ...changeSections(report).flatMap(([title, lines]) => section(title, nameLines(lines), terminal)),
    ...section("Dropped: no place for them in the new dialect", extrasTable(dropped, terminal), terminal),
    ...section("Left out: not of the chosen components", nameLines(leftOut), terminal),
    ...section("Different after reading back", nameLines(failures(report)), terminal),
    ...warningLines(report.warnings, terminal),
    "",
    verdict(report, terminal),
  ];
}

function headerFacts({ input, output, base, baseArchitecture, ...report }: ConvertReport): Fact[] {
  const { split, joined, folded, padded, magnitudes } = report;
  return [
    ["from", `${input.dialect}, ${counted(input.rank.modules, "module")}, rank ${rankText(input.rank)}`],
    ["to", `${output.dialect}, ${counted(output.rank.modules, "module")}, rank ${rankText(output.rank)}`],
    ["model", baseArchitecture],
    ["base", base === null ? undefined : printable(base.name)],
    [
      "magnitudes",
      magnitudes.length === 0 ? undefined : `DoRA of ${counted(magnitudes.length, "module")}, kept`,
    ],
    ["split", split.length === 0 ? undefined : `${counted(split.length, "fused module")} into its layers`],
    ["joined", joined.length === 0 ? undefined : joinedText(joined)],
    ["scales", folded.length === 0 ? "kept, factors as they were" : foldedText(folded)],
    ["padded", padded.length === 0 ? undefined : `${counted(padded.length, "module")} with zeros`],
    ["stored as", output.dtype],
    ["output", `${printable(output.path)}, ${bytesText(output.bytes)}`],
  ];
}

function joinedText(joined: ConvertReport["joined"]): string {
  const shared = joined.filter(({ sharesDown }) => sharesDown).length;
  return `${counted(joined.length, "fused module")}, ${shared} of them with one down, so at the same rank`;
}

function foldedText(folded: ConvertReport["folded"]): string {
  const factors = [...new Set(folded.map(({ factor }) => significant(factor)))];
  const shown = factors.slice(0, 3).join(", ") + (factors.length > 3 ? ", ..." : "");
  return `folded into the factors of ${counted(folded.length, "module")} (times ${shown})`;
}

function rankText({ min, max }: ConvertReport["output"]["rank"]): string {
  return min === max ? String(min) : `${min}-${max}`;
}

/** What a user may want to know by name; folding of one number into all modules is said once, above. */
function changeSections(report: ConvertReport): (readonly [string, readonly string[]])[] {
  const { joined, unfolded, padded, approximated, rebalanced } = report;
  return [
    [
      "Joined at the sum of ranks, because their downs differ",
      joined.filter(({ sharesDown }) => !sharesDown).map(({ name, rank }) => `${name}: rank ${rank}`),
    ],
    ["Made plain LoRA", unfolded.map(({ name, kind, rank }) => `${name}: ${kind}, now rank ${rank}`)],
    ["Padded with zeros", padded.map(({ name, from, to }) => `${name}: rank ${from} to ${to}`)],
    [
      "Approximated, as asked",
      approximated.map(
        ({ name, exactRank, rank, leftOut }) =>
          `${name}: rank ${exactRank} to ${rank}, ${percent(leftOut)} left out`,
      ),
    ],
    [
      "Brought into the range of f16",
      rebalanced.map(({ name, exponent }) => `${name}: up times 2^${exponent}, down divided`),
    ],
  ];
}

function failures({ modules }: ConvertReport): string[] {
  return modules
    .filter(({ withinTolerance }) => !withinTolerance)
    .map(({ name, relativeErrorFrobenius }) => `${name}: error ${significant(relativeErrorFrobenius)}`);
}

function verdict(report: ConvertReport, terminal: Terminal): string {
  const { modules, passed, tolerance, relativeErrorFrobenius, dropped } = report;
  const good = modules.filter(({ withinTolerance }) => withinTolerance).length;
  const word = passed ? terminal.style("good", "PASS") : terminal.style("bad", "FAIL");
  const lost = dropped.length === 0 ? "" : `, ${counted(dropped.length, "tensor")} dropped`;
  return `${word}  read back: ${good} of ${counted(modules.length, "module")} within ${significant(tolerance)}, error ${significant(relativeErrorFrobenius)} of all together${lost}`;
}
