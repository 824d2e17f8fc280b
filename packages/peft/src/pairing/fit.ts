import type { Shape } from "@lora/tensor";
import { elementCount, sameShape } from "@lora/tensor";
import type { AdapterModule } from "../adapter.ts";
import type { BaseTarget } from "./base-index.ts";

/**
 * Whether a base weight can be what a module changes, and whether it is stored as in × out. Kernel axes of 1 may be
 * there or not. What the configuration says of transposition goes first; a weight that fits only the other way
 * round is taken so, because that flag is one for a whole model of both kinds.
 *
 * @returns undefined where no way fits
 */
export function fitOf(
  module: Pick<AdapterModule, "shape" | "transposed">,
  target: BaseTarget,
): boolean | undefined {
  const stored = plainShape(targetShape(target));
  const wanted = completed(plainShape(module.shape), stored, module.transposed);
  const expected = module.transposed !== target.transposed;
  const fits = (transposed: boolean): boolean => sameShape(transposed ? swapped(wanted) : wanted, stored);
  if (fits(expected)) return expected;
  if (wanted.length === 2 && sameShape(wanted, flattened(stored))) return false;
  return wanted.length === 2 && fits(!expected) ? !expected : undefined;
}

/** The shape of a module's update, with what only its weight knows. */
export function completedShape(module: Pick<AdapterModule, "shape">, target: BaseTarget): Shape {
  return completed(module.shape, targetShape(target), target.transposed);
}

/** Of the rows that the target stands for. */
export function targetShape({ tensor, rows }: BaseTarget): Shape {
  return rows === undefined ? tensor.shape : [rows[1] - rows[0], ...tensor.shape.slice(1)];
}

/** Without kernel axes of 1: a 1 × 1 convolution is a linear layer. */
function plainShape(shape: Shape): Shape {
  return shape.slice(2).every((size) => size === 1) ? shape.slice(0, 2) : shape;
}

/** With what only the base knows taken from it: sizes that are 0, and with them the kernel. */
function completed(wanted: Shape, stored: Shape, transposed: boolean): Shape {
  if (!wanted.includes(0)) return wanted;
  if (stored.length < 2) return wanted.slice(0, stored.length);
  const [out, width, ...kernel] = transposed ? swapped(stored) : stored;
  const [outputs = 0, inputs = 0] = wanted;
  // All inputs of a convolution in one axis: in·k·k.
  const isFlat = inputs !== 0 && inputs !== width;
  return [outputs || out!, inputs || width!, ...(isFlat ? [] : kernel)];
}

/** LyCORIS stores the products of a convolution with the kernel in their last axis. */
function flattened([out, ...inner]: Shape): Shape {
  return [out!, elementCount(inner)];
}

function swapped([out, width, ...kernel]: Shape): Shape {
  return [width!, out!, ...kernel];
}
