import { elementCount, type Shape } from "@lora/tensor";
import type { Constants } from "../programs.ts";
import { PACKED_BYTES, type WebGpuStorage } from "../webgpu-storage.ts";
import type { Launcher, Shader } from "./_kernel.ts";
import { PACKINGS } from "./_operand.ts";
import { ALIGNED_ELEMENTS, cuts, elements } from "./_region.ts";

const [GROUP, MOST_GROUPS] = [64, 65_535];

/** An operation of which each element depends on the elements at the same place. */
export interface ElementWise {
  readonly shader: Shader;
  readonly shape: Shape;
  readonly inputs: Readonly<Record<string, WebGpuStorage>>;
  readonly constants?: Constants;
  /** What follows the number of elements in the parameters. */
  readonly parameters?: readonly number[];
}

/** Queues it, by parts that fit a binding. A thread goes on by the size of the grid. */
export function launchElements(operation: ElementWise, out: WebGpuStorage, launcher: Launcher): void {
  const { shader, shape, inputs, constants = {}, parameters = [] } = operation;
  const step = Math.floor(launcher.mostBinding / PACKED_BYTES.f32 / ALIGNED_ELEMENTS) * ALIGNED_ELEMENTS;
  for (const [from, to] of cuts(elementCount(shape), step)) {
    launcher.launch({
      shader,
      constants: { ...packingsOf(inputs), ...constants },
      parameters: [to - from, ...parameters],
      inputs: Object.values(inputs).map((input) => elements(input, from, to).region),
      output: elements(out, from, to).region,
      grid: [Math.min(MOST_GROUPS, Math.ceil((to - from) / GROUP)), 1, 1],
    });
  }
}

/** The `…_PACKING` constants of operands by their names. */
export function packingsOf(inputs: Readonly<Record<string, WebGpuStorage>>): Constants {
  const entries = Object.entries(inputs).map(([name, { packing }]) => [name, packing] as const);
  return Object.fromEntries(
    entries.map(([name, packing]) => [`${name.toUpperCase()}_PACKING`, PACKINGS[packing]]),
  );
}
