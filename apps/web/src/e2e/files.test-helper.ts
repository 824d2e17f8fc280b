import { closeSync, ftruncateSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** Text as the header of a safetensors file: its length, then itself. */
export function headed(header: object): Buffer {
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text]);
}

/** Modules of an adapter of SDXL as sd-scripts names them: 722 of the U-Net, 264 of the two text encoders. */
export function sdxlModules(): string[] {
  const inBlock = [
    "attn1_to_q",
    "attn1_to_k",
    "attn1_to_v",
    "attn1_to_out_0",
    "attn2_to_q",
    "attn2_to_k",
  ].concat(["attn2_to_v", "attn2_to_out_0", "ff_net_0_proj", "ff_net_2"]);
  const blocks: readonly (readonly [place: string, depth: number])[] = [
    ...[4, 5].map((at) => [`input_blocks_${at}_1`, 2] as const),
    ...[7, 8].map((at) => [`input_blocks_${at}_1`, 10] as const),
    ["middle_block_1", 10],
    ...[0, 1, 2].map((at) => [`output_blocks_${at}_1`, 10] as const),
    ...[3, 4, 5].map((at) => [`output_blocks_${at}_1`, 2] as const),
  ];
  const unet = blocks.flatMap(([place, depth]) => [
    `lora_unet_${place}_proj_in`,
    `lora_unet_${place}_proj_out`,
    ...Array.from({ length: depth }, (_, at) =>
      inBlock.map((part) => `lora_unet_${place}_transformer_blocks_${at}_${part}`),
    ).flat(),
  ]);
  const parts = [
    "mlp_fc1",
    "mlp_fc2",
    "self_attn_k_proj",
    "self_attn_out_proj",
    "self_attn_q_proj",
    "self_attn_v_proj",
  ];
  const encoder = (id: number, layers: number): string[] =>
    Array.from({ length: layers }, (_, at) =>
      parts.map((part) => `lora_te${id}_text_model_encoder_layers_${at}_${part}`),
    ).flat();
  return [...unet, ...encoder(1, 12), ...encoder(2, 32)];
}

/** An adapter with these modules, each 48 × 32 of rank 8 with values that are all different. */
export function writeKohyaAdapter(path: string, modules: readonly string[]): void {
  const header: Record<string, Entry | Record<string, string>> = {
    __metadata__: { ss_network_dim: "8", ss_network_alpha: "4" },
  };
  const values: Buffer[] = [];
  let at = 0;
  const add = (name: string, shape: readonly number[], of: (index: number) => number): void => {
    const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, index) => of(index));
    header[name] = { dtype: "F32", shape, data_offsets: [at, at + data.byteLength] };
    at += data.byteLength;
    values.push(Buffer.from(data.buffer));
  };
  for (const [index, module] of modules.entries()) {
    add(`${module}.alpha`, [], () => 4);
    add(`${module}.lora_down.weight`, [8, 32], (k) => Math.sin(1 + index + k * k) / 8);
    add(`${module}.lora_up.weight`, [48, 8], (k) => Math.cos(1 + index + 3 * k * k) / 8);
  }
  writeFileSync(path, Buffer.concat([headed(header), ...values]));
}

/** A model of more than 2 GiB, nearly all of it a hole of the disk, with another model's tensors at its end. */
export function writeSparseModel(path: string, model: string): number {
  const hole = 2 ** 31 + 2 ** 28;
  const bytes = readFileSync(model);
  const start = 8 + Number(bytes.readBigUInt64LE());
  const inner = JSON.parse(bytes.subarray(8, start).toString()) as Record<string, Entry>;
  const header: Record<string, Entry> = { filler: { dtype: "U8", shape: [hole], data_offsets: [0, hole] } };
  for (const [name, entry] of Object.entries(inner)) {
    if (name === "__metadata__") continue;
    const {
      dtype,
      shape,
      data_offsets: [from, to],
    } = entry;
    header[name] = { dtype, shape, data_offsets: [hole + from, hole + to] };
  }
  const head = headed(header);
  const file = openSync(path, "w");
  writeSync(file, head);
  ftruncateSync(file, head.length + hole);
  writeSync(file, bytes, start, bytes.length - start, head.length + hole);
  closeSync(file);
  return head.length + hole + bytes.length - start;
}
