import type { BoundInitialiser, InitComponents } from "@lora/peft";
import { LoraError, type TensorFile } from "@lora/tensor";
import { type PostedTensor, postTensor } from "../posted.ts";
import type { InitInput } from "./init-task.ts";
import type { PlannedModule } from "./plan-modules.ts";

/** Where the values that a method reads come from. */
export interface InitSources {
  readonly base: TensorFile;
  readonly activations?: TensorFile | undefined;
  readonly gradients?: TensorFile | undefined;
  /** Principal directions by module, where they were found beforehand. */
  readonly components?: ReadonlyMap<string, InitComponents> | undefined;
}

type Read = Pick<InitInput, "weight" | "activations" | "covariance" | "gradient" | "components">;

/**
 * Reads what a method needs of one module.
 *
 * @throws LoraError MISSING when there are no activations or gradients, or none of this module
 */
export async function readInputs(
  { name, tensor, layer }: PlannedModule,
  { needs }: BoundInitialiser,
  sources: InitSources,
  signal: AbortSignal | undefined,
): Promise<Read> {
  if (layer === "embedding") return {};
  const { base, activations, gradients, components } = sources;
  const read: { -readonly [K in keyof Read]: Read[K] } = {};
  if (needs.includes("weight")) read.weight = await postTensor({ ...tensor, file: base.name }, signal);
  if (needs.includes("components")) read.components = components?.get(name);
  if (needs.includes("gradient")) {
    const found = await firstOf(gradients, [`${name}.gradient`, `${name}.weight`], signal);
    if (found === undefined) throw absent("gradient", name, gradients);
    read.gradient = found;
  }
  if (needs.includes("covariance")) {
    read.covariance = await firstOf(activations, [`${name}.covariance`], signal);
    if (read.covariance === undefined) read.activations = await inputsOf(activations, name, signal);
  }
  return read;
}

async function firstOf(
  file: TensorFile | undefined,
  names: readonly string[],
  signal: AbortSignal | undefined,
): Promise<PostedTensor | undefined> {
  const name = names.find((candidate) => file?.tensors.has(candidate) === true);
  if (file === undefined || name === undefined) return undefined;
  return postTensor({ name, tensor: file.tensors.get(name)!, file: file.name }, signal);
}

/** The inputs of a module and the masks of all batches. */
async function inputsOf(
  file: TensorFile | undefined,
  module: string,
  signal: AbortSignal | undefined,
): Promise<PostedTensor[]> {
  const own = [...(file?.tensors ?? [])].filter(([name]) => isInput(name, `${module}.input`));
  if (file === undefined || own.length === 0) throw absent("input or covariance", module, file);
  const masks = [...file.tensors].filter(([name]) => isInput(name, "mask"));
  return Promise.all(
    [...own, ...masks].map(([name, tensor]) => postTensor({ name, tensor, file: file.name }, signal)),
  );
}

function isInput(name: string, stem: string): boolean {
  return name === stem || (name.startsWith(`${stem}.`) && /^\d+$/.test(name.slice(stem.length + 1)));
}

function absent(what: string, module: string, file: TensorFile | undefined): LoraError {
  return new LoraError("MISSING", `there is no ${what} of ${module}`, {
    file: file?.name,
    module,
    advice: "record it for every target module, under its name in the base model",
  });
}
