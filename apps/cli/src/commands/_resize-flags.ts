import type { Share } from "@lora/jobs";
import { type Command, Option } from "commander";
import { decimalNumber } from "../flags/decimal-number.ts";
import { type DeviceChoice, deviceOption } from "../flags/device-option.ts";
import { shardOption } from "../flags/shard-option.ts";
import { wholeNumber } from "../flags/whole-number.ts";

/** What `lora resize` takes besides its file. */
export interface ResizeFlags {
  readonly out?: string;
  readonly rank?: number;
  readonly convRank?: number;
  readonly energy?: number;
  readonly error?: number;
  readonly knee?: string;
  readonly svRatio?: number;
  readonly svFro?: number;
  readonly svCumulative?: number;
  readonly recipe?: string;
  readonly maxRank?: number;
  readonly kohyaPlusOne?: boolean;
  readonly base?: string;
  readonly norms?: string;
  readonly dtype?: "f16" | "bf16" | "f32";
  readonly dialect?: string;
  readonly device: DeviceChoice;
  readonly force?: boolean;
  readonly dryRun?: boolean;
  readonly shard?: Share;
}

/** Puts the flags of `lora resize` on its command: the rules, of which one must be given, then all else. */
export function addResizeFlags(command: Command): Command {
  return addOutputFlags(addRuleFlags(command));
}

function addRuleFlags(command: Command): Command {
  const share = (flag: string, what: string): Option =>
    new Option(`${flag} <p>`, what).argParser(decimalNumber(flag, "0.9"));
  return command
    .optionsGroup("Rules, one of them:")
    .addOption(new Option("--rank <n>", "this rank for every module").argParser(wholeNumber("--rank")))
    .addOption(share("--energy", "smallest rank that keeps this share of the energy, the sum of s^2"))
    .addOption(
      new Option("--error <e>", "smallest rank with at most this relative error").argParser(
        decimalNumber("--error", "0.1"),
      ),
    )
    .addOption(
      new Option("--knee [scale]", "where the spectrum bends").choices(["linear", "log"]).preset("linear"),
    )
    .addOption(
      new Option("--sv-ratio <x>", "kohya: keep s above s1 / x").argParser(decimalNumber("--sv-ratio", "20")),
    )
    .addOption(share("--sv-fro", "kohya: keep this share of the Frobenius norm"))
    .addOption(share("--sv-cumulative", "kohya: keep this share of the sum of s"))
    .addOption(
      new Option("--recipe <r>", "resize_lora recipe, e.g. spn_ckpt=1,thr=-1.2; several separated by :"),
    )
    .optionsGroup("Limits:")
    .addOption(new Option("--max-rank <n>", "never more than this").argParser(wholeNumber("--max-rank")))
    .addOption(
      new Option("--conv-rank <n>", "rank, or most, of modules with a kernel above 1x1").argParser(
        wholeNumber("--conv-rank"),
      ),
    )
    .option("--kohya-plus-one", "one pair more than the kohya rules say, as its script keeps");
}

function addOutputFlags(command: Command): Command {
  return command
    .optionsGroup("Options:")
    .option("-o, --out <path>", "a .safetensors file, or a folder; recipes add their name to it")
    .option("--base <path>", "the model it was trained on, for the recipes that ask for it")
    .option(
      "--norms <path>",
      "keep the norms of the base in this file, so that later runs need not find them",
    )
    .addOption(
      new Option("--dtype <type>", "store the factors as (default: as they are)").choices([
        "f16",
        "bf16",
        "f32",
      ]),
    )
    .option("--dialect <id>", "read it in this dialect, not in the one it is detected as")
    .addOption(deviceOption())
    .option("--force", "overwrite what is there")
    .option("--dry-run", "say what would be written, and write nothing")
    .addOption(shardOption());
}
