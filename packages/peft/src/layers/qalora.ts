import type { Matrix } from "@lora/linalg";
import { LoraError } from "@lora/tensor";
import { arrayLike } from "./dense-tensor.ts";
import { asRows } from "./layer-adapter.ts";
import { plain } from "./plain.ts";
import type { Variant } from "./variant.ts";

/**
 * QALoRA: A acts on the means of groups of inputs, times the number of groups, so that the update of a weight that is quantised
 * by such groups is one of their zero points. As a matrix, each column of A stands for its whole group. PEFT has it in GPTQ
 * layers, which it cannot merge into; a weight that was read back from them can be.
 *
 * @param groupSize g; A is stored as r × in / g
 * @see Xu et al. 2023, arXiv 2309.14717; PEFT tuners/lora/variants.py, QALoraLinearVariant
 */
export function qalora(groupSize: number): Variant {
  return {
    ...plain,
    id: "qalora",
    kinds: ["linear"],
    packed({ down: [rank = 0, inputs = 0], up }) {
      if (inputs % groupSize !== 0) {
        throw new LoraError("SHAPE", `${inputs} inputs do not divide into groups of ${groupSize}`, {
          groupSize,
        });
      }
      return { down: [rank, inputs / groupSize], up };
    },
    unpack: ({ up, down }) => ({
      up: asRows(up, up.shape[0]!),
      down: overGroups(asRows(down, down.shape[0]!), groupSize),
    }),
  };
}

/** Each column for all inputs of its group: the mean is 1/g of each, times in/g. */
function overGroups({ rows, cols, data }: Matrix, groupSize: number): Matrix {
  const wide = arrayLike(data, data.length * groupSize);
  for (let i = 0; i < wide.length; i++) wide[i] = (data[Math.floor(i / groupSize)]! * cols) / groupSize;
  return { rows, cols: cols * groupSize, data: wide };
}
