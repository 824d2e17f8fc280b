import type { Matrix } from "@lora/linalg";
import { arrayLike } from "./dense-tensor.ts";

/** An input of a convolution: samples × channels × places. */
export interface ConvolutionInput {
  readonly data: Matrix["data"];
  readonly samples: number;
  readonly channels: number;
  /** Lengths of the axes, outermost first. */
  readonly lengths: readonly number[];
  /** For each axis, output × kernel places, −1 beyond the edge. */
  readonly places: readonly Int32Array[];
  /** Lengths of the kernel. */
  readonly kernel: readonly number[];
}

/**
 * The input as rows that a flattened weight is multiplied with: one row a sample and place of the output, in·k values
 * each, in the order channel, kernel. Makes a convolution one product, for the base and for A alike.
 */
export function convolutionRows(input: ConvolutionInput): Matrix {
  const { data, samples, channels, lengths } = input;
  const sources = sourcesOf(input);
  const size = lengths.reduce((product, length) => product * length, 1);
  const perChannel = input.kernel.reduce((product, length) => product * length, 1);
  const outputs = sources.length / perChannel;
  const cols = channels * perChannel;
  const rows = arrayLike(data, samples * outputs * cols);
  for (let sample = 0; sample < samples; sample++) {
    for (let channel = 0; channel < channels; channel++) {
      const from = (sample * channels + channel) * size;
      for (let at = 0; at < sources.length; at++) {
        const place = sources[at]!;
        if (place < 0) continue;
        const output = Math.floor(at / perChannel);
        const target = (sample * outputs + output) * cols + channel * perChannel + (at % perChannel);
        rows[target] = data[from + place]!;
      }
    }
  }
  return { rows: samples * outputs, cols, data: rows };
}

/** For each place of the output and of the kernel over all axes, the index in one channel, or −1. */
function sourcesOf({ lengths, places, kernel }: ConvolutionInput): Int32Array {
  let [outputs, taps] = [1, 1];
  let sources: Int32Array = new Int32Array([0]);
  lengths.forEach((length, axis) => {
    const [step, along] = [kernel[axis]!, places[axis]!];
    const count = along.length / step;
    const next = new Int32Array(outputs * count * taps * step);
    for (let at = 0; at < next.length; at++) {
      // at = ((output · count + i) · taps + tap) · step + k
      const k = at % step;
      const tap = Math.floor(at / step) % taps;
      const i = Math.floor(at / (step * taps)) % count;
      const output = Math.floor(at / (step * taps * count));
      const [before, place] = [sources[output * taps + tap]!, along[i * step + k]!];
      next[at] = before < 0 || place < 0 ? -1 : before * length + place;
    }
    [outputs, taps, sources] = [outputs * count, taps * step, next];
  });
  return sources;
}
