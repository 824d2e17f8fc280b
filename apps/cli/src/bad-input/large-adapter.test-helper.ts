import { safetensors } from "./malformed.test-helper.ts";

/** A kohya adapter of so many square modules in f32 whose values follow a seeded generator. */
export function largeAdapter(size: {
  readonly modules: number;
  readonly width: number;
  readonly rank: number;
}): Buffer {
  const { modules, width, rank } = size;
  const header: Record<string, object> = {};
  const values = new Float32Array(2 * modules * width * rank);
  let state = 1;
  for (let index = 0; index < values.length; index++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    values[index] = state / 2 ** 32 - 0.5;
  }
  const bytes = width * rank * 4;
  for (let index = 0; index < modules; index++) {
    const name = `lora_unet_down_blocks_1_attentions_0_transformer_blocks_${index}_attn1_to_q`;
    const start = 2 * index * bytes;
    header[`${name}.lora_down.weight`] = {
      dtype: "F32",
      shape: [rank, width],
      data_offsets: [start, start + bytes],
    };
    header[`${name}.lora_up.weight`] = {
      dtype: "F32",
      shape: [width, rank],
      data_offsets: [start + bytes, start + 2 * bytes],
    };
  }
  return safetensors(header, new Uint8Array(values.buffer));
}
