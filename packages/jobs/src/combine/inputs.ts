import { type Adapter, kindById, readAdapter } from "@lora/peft";
import { LoraError, type TensorFile } from "@lora/tensor";
import { isKeptWhole, replacedTwice, targetName } from "../kept-whole.ts";
import { isFromBase } from "../readable-modules.ts";

/** An adapter and what its updates are multiplied with. */
export interface CombineInput {
  readonly file: TensorFile;
  /** Any number; 0 leaves the adapter out. */
  readonly weight: number;
  /** Id of the dialect to read it in, instead of what it is detected as. */
  readonly dialect?: string | undefined;
}

/** An adapter that has been understood. */
export interface WeightedAdapter {
  readonly adapter: Adapter;
  readonly weight: number;
}

/** What of an update is kept beside its factors: a sum of factors would leave it out, or keep it whole. */
const PART_OF_UPDATE = /not handled yet|DoRA|lora_bias|difference/;

/**
 * Reads the adapters that take part.
 *
 * @throws LoraError USAGE when a weight is no number, or none is left; UNSUPPORTED when an adapter holds updates that are
 *   no low-rank products, or two replace the same tensor; as `readAdapter` does
 */
export async function readInputs(
  inputs: readonly CombineInput[],
  { keepZeros, signal }: { readonly keepZeros: boolean; readonly signal: AbortSignal | undefined },
): Promise<WeightedAdapter[]> {
  for (const { weight, file } of inputs) {
    if (Number.isFinite(weight)) continue;
    throw new LoraError("USAGE", `the weight of an adapter is ${weight}, and no finite number`, {
      file: file.name,
    });
  }
  const used = inputs.filter(({ weight }) => keepZeros || weight !== 0);
  if (used.length === 0) {
    throw new LoraError("USAGE", "there is nothing to combine: no adapter has a weight other than 0", {
      advice: "give an adapter with a weight, e.g. style.safetensors:0.7",
    });
  }
  const weighted = await Promise.all(
    used.map(async ({ file, weight, dialect }) => {
      const adapter = await readAdapter(file, { dialect, signal });
      refuseOtherUpdates(adapter);
      return { adapter, weight };
    }),
  );
  refuseReplacedTwice(weighted);
  return weighted;
}

/** As PEFT, which has no sum of modules that are trained whole. */
function refuseReplacedTwice(weighted: readonly WeightedAdapter[]): void {
  const keepers = new Map<string, string>();
  for (const { adapter } of weighted) {
    const file = adapter.file.name;
    for (const { name } of adapter.extras.filter(isKeptWhole)) {
      const [target, other] = [targetName(name), keepers.get(targetName(name))];
      if (other !== undefined) throw replacedTwice(target, [other, file]);
      keepers.set(target, file);
    }
  }
}

function refuseOtherUpdates({ extras, modules, file }: Adapter): void {
  const module = modules.find(isFromBase);
  if (module !== undefined) {
    throw new LoraError(
      "UNSUPPORTED",
      `an adapter cannot be combined without its base: ${kindById(module.kind).title}`,
      {
        file: file.name,
        module: module.name,
        advice: "needs --base: convert it to a plain LoRA with the base first, then combine that",
      },
    );
  }
  const found = extras.find(({ why }) => PART_OF_UPDATE.test(why));
  if (found === undefined) return;
  throw new LoraError(
    "UNSUPPORTED",
    `an adapter cannot be combined that has this beside its factors: ${found.why}`,
    {
      file: file.name,
      tensor: found.name,
      advice: "merge it into its base and extract a plain LoRA from the difference, then combine that",
    },
  );
}
