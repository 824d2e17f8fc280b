import type { InspectReport } from "@lora/jobs";
import { printable } from "../terminal/printable.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { type Fact, factBlock } from "./fact-block.ts";
import { section } from "./section.ts";

/** What the metadata of kohya's trainer and of modelspec say, by what it is called here; the first that is there counts. */
const TRAINING: readonly (readonly [label: string, ...keys: string[]])[] = [
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
  ["resized", "resize_params"],
];

const LONGEST = 300;

/** What is known of the training, from the metadata. */
export function trainingFacts(metadata: Readonly<Record<string, string>>): Fact[] {
  return TRAINING.map(([label, ...keys]) => {
    const value = keys.map((key) => metadata[key]).find((text) => text !== undefined && text !== "None");
    return [label, value === undefined ? undefined : shortened(value)];
  });
}

/** All metadata by key, and the config of the adapter. Values too long to read are cut; `--json` has them whole. */
export function metadataLines(report: InspectReport, terminal: Terminal): string[] {
  const facts = Object.entries(report.metadata)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]): Fact => [printable(key), shortened(value)]);
  const config =
    report.config === null
      ? []
      : JSON.stringify(report.config, null, 2)
          .split("\n")
          .map((line) => `  ${printable(line)}`);
  return [
    ...section("Metadata", facts.length === 0 ? ["  none"] : factBlock(facts, terminal), terminal),
    ...section("adapter_config.json", config, terminal),
  ];
}

function shortened(value: string): string {
  if (value.length <= LONGEST) return printable(value);
  return `${printable(value.slice(0, LONGEST))}... (${value.length} characters)`;
}
