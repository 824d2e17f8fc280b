import type { TensorFile } from "@lora/tensor";
import { LoraError } from "@lora/tensor";
import { otherTensor, SVDQUANT, unreadKind } from "../dialects/_other-tensors.ts";
import { counted } from "./warnings.ts";

/** Names shown of a file that says nothing. */
const SHOWN = 3;

/** The error for a file without a single pair that is read: by what its names look like. */
export function refuseForeign(file: TensorFile): LoraError {
  const families = new Map<string, Set<string>>();
  for (const name of file.tensors.keys()) {
    const other = otherTensor(name) ?? unreadKind(name);
    if (other?.role !== "family") continue;
    families.set(other.what, (families.get(other.what) ?? new Set()).add(other.module));
  }
  if (families.size > 0) return foreignFamilies(families);
  const names = [...file.tensors.keys()].slice(0, SHOWN);
  return new LoraError(
    "UNSUPPORTED",
    `none of the ${file.tensors.size} tensors is a factor of a low-rank pair`,
    {
      tensors: file.tensors.size,
      first: names,
      advice: "check that this is an adapter and not a whole model",
    },
  );
}

function foreignFamilies(families: ReadonlyMap<string, ReadonlySet<string>>): LoraError {
  const counts = [...families].map(([what, modules]) => `${counted(modules.size)} ${what}`);
  return new LoraError("UNSUPPORTED", `this adapter is not plain LoRA: ${counts.join(", ")}`, {
    families: Object.fromEntries([...families].map(([what, modules]) => [what, modules.size])),
    advice: families.has(SVDQUANT)
      ? "its pairs are packed for nunchaku's kernels, together with the low-rank branch of the quantised base: use the LoRA that it was made from, which nunchaku loads as well"
      : "convert it to LoRA with the tool that made it",
  });
}
