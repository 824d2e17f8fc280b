import type { FileHashes } from "@lora/io";
import type { MetadataReport } from "@lora/jobs";
import { bytesText, counted } from "../terminal/number-format.ts";
import { printable } from "../terminal/printable.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { type Fact, factBlock } from "./fact-block.ts";
import { configLines, metadataSections } from "./metadata-sections.ts";
import { nameLines } from "./name-lines.ts";
import { section } from "./section.ts";
import { warningLines } from "./warning-lines.ts";

/** What a file says of itself, and what was edited. */
export function metadataView(
  report: MetadataReport & { readonly hashes: FileHashes | null },
  terminal: Terminal,
): string[] {
  const { file, output, changes, hashes, metadata } = report;
  const wrote =
    output === null
      ? []
      : ["", `wrote ${printable(output.path)}: ${bytesText(output.bytes)}, ${changeText(report)}`];
  return [
    terminal.style("title", printable(file.name)),
    ...(output === null
      ? [...metadataSections(metadata, terminal, { whole: true }), ...configLines(report.config, terminal)]
      : [
          ...section("Removed", nameLines(changes.removed), terminal),
          ...section("Changed", nameLines(changes.changed), terminal),
          ...section("Added", nameLines(changes.added), terminal),
        ]),
    ...section(
      "Hashes, calculated",
      hashes === null ? [] : factBlock(hashFacts(hashes, metadata), terminal),
      terminal,
    ),
    ...warningLines(report.warnings, terminal),
    ...wrote,
  ];
}

function changeText({ changes: { added, changed, removed }, metadata }: MetadataReport): string {
  const parts = [
    [added, "added"],
    [changed, "changed"],
    [removed, "removed"],
  ] as const;
  const done = parts.filter(([keys]) => keys.length > 0).map(([keys, verb]) => `${keys.length} ${verb}`);
  const left = `${counted(Object.keys(metadata).length, "key")} in it`;
  return `${done.length === 0 ? "nothing changed" : done.join(", ")}, ${left}`;
}

function hashFacts(hashes: FileHashes, metadata: MetadataReport["metadata"]): Fact[] {
  const beside = (calculated: string, key: string): string => {
    const stated = metadata[key]?.replace(/^0x/u, "").toLowerCase();
    if (stated === undefined || stated === "") return calculated;
    return stated === calculated
      ? `${calculated}, as ${key} says`
      : `${calculated}, and ${key} says ${printable(stated)}`;
  };
  return [
    ["SHA-256", hashes.sha256],
    ["AutoV1", hashes.autoV1],
    ["AutoV2", hashes.autoV2],
    ["AutoV3", hashes.autoV3],
    ["model hash", beside(hashes.modelHash, "sshs_model_hash")],
    ["legacy hash", beside(hashes.legacyHash, "sshs_legacy_hash")],
  ];
}
