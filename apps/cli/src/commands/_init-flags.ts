import type { Share } from "@lora/jobs";
import { type Command, Option } from "commander";
import { decimalNumber } from "../flags/decimal-number.ts";
import { nameList } from "../flags/name-list.ts";
import { namedValues } from "../flags/named-values.ts";
import { shardOption } from "../flags/shard-option.ts";
import { wholeNumber } from "../flags/whole-number.ts";

/** What `lora init` takes. */
export interface InitFlags {
  readonly method: string;
  readonly base: string;
  readonly out?: string;
  readonly residualBase?: string;
  readonly rank: number;
  readonly alpha?: number;
  readonly rslora?: boolean;
  readonly targetModules?: readonly string[];
  readonly targetPattern?: string;
  readonly excludeModules?: readonly string[];
  readonly fanInFanOut?: boolean;
  readonly activations?: string;
  readonly gradients?: string;
  readonly rho?: number;
  readonly tau?: number;
  readonly set?: Readonly<Record<string, string>>;
  readonly dtype?: "f16" | "bf16" | "f32";
  readonly force?: boolean;
  readonly dryRun?: boolean;
  readonly shard?: Share;
}

/** Puts the flags of `lora init` on its command. */
export function addInitFlags(command: Command, methods: readonly string[]): Command {
  return addDataFlags(addAdapterFlags(command, methods))
    .optionsGroup("Options:")
    .option("-o, --out <folder>", "where the adapter goes: adapter_model.safetensors and adapter_config.json")
    .option("--residual-base <path>", "where the base goes, for the methods that take the update out of it")
    .addOption(
      new Option("--dtype <type>", "store the factors as (default: f32)").choices(["f16", "bf16", "f32"]),
    )
    .option("--force", "overwrite what is there")
    .option("--dry-run", "say what would be written, and write nothing")
    .addOption(shardOption());
}

function addAdapterFlags(command: Command, methods: readonly string[]): Command {
  return command
    .optionsGroup("The adapter:")
    .requiredOption("--base <path>", "the model it is for: a .safetensors file, an index, or a folder")
    .option("--method <id>", `how factors begin: ${methods.join(", ")}`, "default")
    .addOption(new Option("--rank <n>", "rank of every module").default(8).argParser(wholeNumber("--rank")))
    .addOption(
      new Option("--alpha <x>", "scale = alpha / rank (default: the rank)").argParser(
        decimalNumber("--alpha", "16"),
      ),
    )
    .option("--rslora", "scale = alpha / sqrt(rank)")
    .addOption(
      new Option(
        "--target-modules <names>",
        "names or their ends, separated by commas, or all-linear (default: PEFT's for the model)",
      ).argParser(nameList),
    )
    .option("--target-pattern <regex>", "a Python expression for whole names, in place of them")
    .addOption(new Option("--exclude-modules <names>", "leave these out").argParser(nameList))
    .option("--fan-in-fan-out", "the base stores linear weights as in x out (known for GPT-2)");
}

function addDataFlags(command: Command): Command {
  return command
    .optionsGroup("What some methods read:")
    .option("--activations <path>", "eva, corda: tensors <module>.input, .input.0, .1 ...; or .covariance")
    .option("--gradients <path>", "lora_ga: tensors <module>.gradient, or <module>.weight")
    .addOption(
      new Option("--rho <x>", "eva: a module may get up to rho times its rank").argParser(
        decimalNumber("--rho", "2"),
      ),
    )
    .addOption(
      new Option("--tau <x>", "eva: cosine at which a direction has settled").argParser(
        decimalNumber("--tau", "0.99"),
      ),
    )
    .addOption(
      new Option("--set <name=value...>", "an option of the method, e.g. iterations=16").argParser(
        namedValues,
      ),
    );
}
