import { LoraError } from "@lora/tensor";

/** What lies beyond the edge of an input. */
export type PaddingMode = "zeros" | "reflect" | "replicate" | "circular";

/** How a convolution moves along one axis. */
export interface AxisMove {
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  /** Places added before and after. */
  readonly padding: readonly [before: number, after: number];
}

/** How far a convolution moves along an axis of this length: places of its output. */
export function outputLength(length: number, { kernel, stride, dilation, padding }: AxisMove): number {
  const span = dilation * (kernel - 1) + 1;
  return Math.floor((length + padding[0] + padding[1] - span) / stride) + 1;
}

/**
 * For each place of the output and each of the kernel along one axis, the place of the input that they meet at; −1 beyond
 * the edge, where there are zeros. Row-major, output × kernel.
 *
 * @throws LoraError SHAPE when the kernel does not fit, or the padding asks for more than the input has
 */
export function axisPlaces(length: number, move: AxisMove, mode: PaddingMode): Int32Array {
  const count = outputLength(length, move);
  if (count < 1) {
    throw new LoraError("SHAPE", `a kernel of ${move.kernel} does not fit into an axis of ${length}`, {
      ...move,
      length,
    });
  }
  const most = mode === "reflect" ? length - 1 : mode === "circular" ? length : Infinity;
  if (Math.max(...move.padding) > most) {
    throw new LoraError(
      "SHAPE",
      `${mode} padding of ${Math.max(...move.padding)} needs more than an axis of ${length}`,
      { length },
    );
  }
  const places = new Int32Array(count * move.kernel);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < move.kernel; k++) {
      places[i * move.kernel + k] = inside(
        i * move.stride + k * move.dilation - move.padding[0],
        length,
        mode,
      );
    }
  }
  return places;
}

function inside(place: number, length: number, mode: PaddingMode): number {
  if (place >= 0 && place < length) return place;
  if (mode === "zeros") return -1;
  if (mode === "replicate") return place < 0 ? 0 : length - 1;
  if (mode === "circular") return (place + length) % length;
  return place < 0 ? -place : 2 * (length - 1) - place;
}
