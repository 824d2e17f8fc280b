import { type Command as Program, Option } from "commander";
import { decimalNumber } from "../flags/decimal-number.ts";
import { nameList } from "../flags/name-list.ts";
import { wholeNumber } from "../flags/whole-number.ts";

/** What `lora convert` may be told. */
export interface ConvertFlags {
  readonly to: string;
  readonly out?: string;
  readonly from?: string;
  readonly base?: string;
  readonly components?: readonly string[];
  readonly rank?: number;
  readonly error?: number;
  readonly padRank?: boolean;
  readonly dtype?: "f16" | "bf16" | "f32";
  readonly tolerance?: number;
  readonly force?: boolean;
}

/** The dialects that `@lora/peft` writes, told here so that help needs no library. */
export const WRITTEN_DIALECTS = [
  "peft",
  "diffusers",
  "diffusers-legacy",
  "kohya",
  "comfyui",
  "ai-toolkit",
  "onetrainer",
  "xlabs",
  "bfl-control",
  "mlx",
  "gguf",
  "loralib",
  "cloneofsimo",
  "sam-lora",
  "generic",
];

/** Puts the flags on the command. */
export function addConvertFlags(command: Program): Program {
  return command
    .addOption(dialectOption())
    .option("-o, --out <path>", "file (.safetensors, .gguf), or folder for peft and mlx")
    .optionsGroup("What it is read as:")
    .option("--from <dialect>", "read it in this dialect, not in what it is detected as")
    .option(
      "--base <path>",
      "the base model: the weights that (IA)³, OFT, GLoRA and DoRA need, names with dots, config.json for gguf",
    )
    .option(
      "--components <names>",
      "only these, of unet, transformer, te1, te2, te3, model; separated by commas",
      nameList,
    )
    .optionsGroup("What is written:")
    .addOption(
      new Option("--rank <n>", "at most this rank; what is left out is reported").argParser(
        wholeNumber("--rank"),
      ),
    )
    .addOption(
      new Option("--error <e>", "smallest rank with at most this relative error of a module").argParser(
        decimalNumber("--error", "0.01"),
      ),
    )
    .option("--pad-rank", "one rank and one scale for all modules, as vLLM expects: zeros and folding")
    .addOption(new Option("--dtype <type>", "stored type of the factors").choices(["f16", "bf16", "f32"]))
    .option(
      "--tolerance <error>",
      "largest relative error of a module that passes (default: what rounding explains)",
      decimalNumber("--tolerance", "0.001"),
    )
    .option("--force", "replace what is there");
}

/** For help and completion; what is only read is refused by the library, with what to write instead. */
function dialectOption(): Option {
  const option = new Option("--to <dialect>", "what to write").makeOptionMandatory();
  option.argChoices = WRITTEN_DIALECTS;
  return option;
}
