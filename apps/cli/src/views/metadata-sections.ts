import { describeMetadata, type DescribedMetadata, type MetadataFact } from "@lora/jobs";
import { counted } from "../terminal/number-format.ts";
import { printable } from "../terminal/printable.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { type Fact, factBlock, wrap } from "./fact-block.ts";
import { section } from "./section.ts";

/** How much is shown. */
export interface MetadataExtent {
  /** All of it; else what is told of title, base, network and training, on few lines. */
  readonly whole: boolean;
}

type Metadata = Readonly<Record<string, string>>;

/** Longer values are cut. */
const LONGEST = 300;
const MOST_TAGS = 12;

/** What the short form shows, by what it is called there; the first key that says something counts. */
const SHORT: readonly (readonly [label: string, ...keys: string[]])[] = [
  ["title", "modelspec.title", "ss_output_name"],
  ["author", "modelspec.author"],
  ["base model", "ss_base_model_version", "modelspec.architecture"],
  ["trained on", "ss_sd_model_name"],
  ["network", "ss_network_module"],
  ["network dim", "ss_network_dim"],
  ["network alpha", "ss_network_alpha"],
  ["learning rate", "ss_learning_rate"],
  ["optimizer", "ss_optimizer"],
  ["epochs", "ss_epoch", "ss_num_epochs"],
  ["steps", "ss_steps", "ss_max_train_steps"],
  ["images", "ss_num_train_images"],
  ["resolution", "ss_resolution", "modelspec.resolution"],
  ["comment", "ss_training_comment"],
  ["thumbnail", "modelspec.thumbnail"],
  ["made by", "lora.provenance"],
  ["resized", "resize_params"],
];

/** What a file says of itself, in groups; values too long to read are cut, and the last line says how to have them whole. */
export function metadataSections(
  metadata: Metadata,
  terminal: Terminal,
  { whole }: MetadataExtent,
): string[] {
  const described = describeMetadata(metadata);
  const triggers = section("Trigger words", factBlock(triggerFacts(described), terminal), terminal);
  if (!whole) {
    const short = factBlock(shortFacts(described), terminal);
    return [...section("Training, as the metadata tells it", short, terminal), ...triggers];
  }
  if (Object.keys(metadata).length === 0) return section("Metadata", ["  none"], terminal);
  const groups = described.groups.flatMap(({ title, facts }) =>
    section(
      title,
      factBlock(
        facts.map((fact): Fact => [labelOf(fact), shortened(fact.text)]),
        terminal,
      ),
      terminal,
    ),
  );
  return [
    ...triggers,
    ...groups,
    ...section("Not set", unsetLines(described, terminal), terminal),
    ...cutLine(described),
  ];
}

/** The configuration of the adapter, as it is. */
export function configLines(config: unknown, terminal: Terminal): string[] {
  if (config === null) return [];
  const lines = JSON.stringify(config, null, 2).split("\n");
  return section(
    "adapter_config.json",
    lines.map((line) => `  ${printable(line)}`),
    terminal,
  );
}

/** Known keys by what they are called here, with the key itself. */
function labelOf({ key, label }: MetadataFact): string {
  return printable(key === label ? key : `${label} (${key})`);
}

function shortFacts({ groups }: DescribedMetadata): Fact[] {
  const texts = new Map(groups.flatMap(({ facts }) => facts.map(({ key, text }) => [key, text])));
  return SHORT.map(([label, ...keys]) => {
    const text = keys.map((key) => texts.get(key)).find((value) => value !== undefined);
    return [label, text === undefined ? undefined : shortened(text)];
  });
}

function triggerFacts({ triggers, tags }: DescribedMetadata): Fact[] {
  const top = tags.slice(0, MOST_TAGS).map(({ tag, count }) => `${tag} ${count}`);
  const more = tags.length > MOST_TAGS ? `, and ${tags.length - MOST_TAGS} more` : "";
  return [
    ...triggers.map(({ words, from }): Fact => [printable(from), shortened(words)]),
    ["most frequent tags", top.length === 0 ? undefined : shortened(top.join(", ") + more)],
  ];
}

function unsetLines({ unset }: DescribedMetadata, terminal: Terminal): string[] {
  if (unset.length === 0) return [];
  return wrap(printable(unset.join(", ")), terminal.columns - 2).map((line) => `  ${line}`);
}

function cutLine({ groups }: DescribedMetadata): string[] {
  const cut = groups.flatMap(({ facts }) => facts).filter(({ text }) => text.length > LONGEST).length;
  return cut === 0 ? [] : ["", `${counted(cut, "long value")} cut: --json has them whole`];
}

function shortened(value: string): string {
  if (value.length <= LONGEST) return printable(value);
  return `${printable(value.slice(0, LONGEST))}... (${value.length} characters)`;
}
