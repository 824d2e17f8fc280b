import type { Share } from "@lora/jobs";
import { type Command, Option } from "commander";
import { decimalNumber } from "../flags/decimal-number.ts";
import { shardOption } from "../flags/shard-option.ts";
import { wholeNumber } from "../flags/whole-number.ts";

/** What `lora combine` takes besides its files. */
export interface CombineFlags {
  readonly out?: string;
  readonly method: string;
  readonly rank?: number;
  readonly error?: number;
  readonly density?: number;
  readonly epsilon?: number;
  readonly outliers?: number;
  readonly sign?: "total" | "frequency";
  readonly compat?: "peft";
  readonly svdClamp?: number;
  readonly dtype?: "f16" | "bf16" | "f32";
  readonly dialect?: string;
  readonly force?: boolean;
  readonly dryRun?: boolean;
  readonly shard?: Share;
}

/** Puts the flags of `lora combine` on its command. */
export function addCombineFlags(command: Command, methods: readonly string[]): Command {
  const share = (flag: string, what: string, example: string): Option =>
    new Option(`${flag} <p>`, what).argParser(decimalNumber(flag, example));
  return command
    .optionsGroup("Methods:")
    .addOption(
      new Option("--method <id>", "how updates become one; with --compat peft its types").default("linear"),
    )
    .addOption(share("--density", "share of entries that stay (default: 0.5)", "0.5"))
    .addOption(share("--epsilon", "della: chances go from density - p to density + p", "0.15"))
    .addOption(
      share("--outliers", "breadcrumbs: share of the largest entries that goes (default: 0.01)", "0.01"),
    )
    .addOption(
      new Option("--sign <rule>", "whose sign wins an entry: of the sum, or of most").choices([
        "total",
        "frequency",
      ]),
    )
    .addOption(new Option("--compat <tool>", "the numbers of PEFT's add_weighted_adapter").choices(["peft"]))
    .addOption(share("--svd-clamp", "with --compat peft: clamp factors at this quantile", "0.99"))
    .optionsGroup("Limits:")
    .addOption(new Option("--rank <n>", "never more than this").argParser(wholeNumber("--rank")))
    .addOption(share("--error", "smallest rank with at most this relative error", "0.05"))
    .optionsGroup("Options:")
    .option("-o, --out <path>", "a .safetensors file, or a folder")
    .addOption(
      new Option("--dtype <type>", "store the factors as (default: as they are)").choices([
        "f16",
        "bf16",
        "f32",
      ]),
    )
    .option("--dialect <id>", "read all in this dialect, not in what they are detected as")
    .option("--force", "overwrite what is there")
    .option("--dry-run", "report interference and errors, and write nothing")
    .addOption(shardOption())
    .addHelpText("after", `\nMethods: ${methods.join(", ")}`);
}
