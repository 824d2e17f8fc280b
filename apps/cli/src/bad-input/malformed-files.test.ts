import { test } from "vitest";
import { expectFileRefused, fileOf, safetensors, soundModule } from "./malformed.test-helper.ts";

const sound = fileOf(soundModule);
const data = new Uint8Array(16);
const entry = { dtype: "F32", shape: [2, 2], data_offsets: [0, 16] };

/** A header that is one byte longer than the limit. */
const OVER_100_MB = 100_000_001;

test.each([
  ["an empty file", new Uint8Array(0), "FORMAT  the file is empty"],
  [
    "a file of 5 bytes",
    sound.subarray(0, 5),
    "FORMAT  the file holds 5 bytes, and a safetensors file at least 8",
  ],
  ["a file cut in its header", sound.subarray(0, 100), "FORMAT  the header claims 321 bytes, and 92 follow"],
  [
    "a file cut in its data",
    sound.subarray(0, -8),
    "FORMAT  the tensor ends at byte 60 of the data, which has 52",
    "lora_unet_mid_block_attentions_0_proj_in.lora_up.weight",
  ],
  [
    "a header length past the end",
    safetensors({ a: entry }, data, 255n),
    "FORMAT  the header claims 255 bytes, and 73 follow",
  ],
  [
    "a header of over 100 MB",
    safetensors("{}", new Uint8Array(OVER_100_MB), BigInt(OVER_100_MB)),
    "FORMAT  the header claims 100000001 bytes, and the format allows 100000000",
  ],
  [
    "a header length of 2^63",
    safetensors("{}", data, 2n ** 63n),
    "FORMAT  the header claims 9223372036854775808 bytes, and 18 follow",
  ],
  [
    "a header that is no UTF-8",
    Buffer.concat([Buffer.from([4, 0, 0, 0, 0, 0, 0, 0]), Buffer.from([0x7b, 0xff, 0xfe, 0x7d])]),
    "FORMAT  the header is not UTF-8 text",
  ],
  [
    "a header that is no JSON",
    safetensors('{"a": ', data),
    "FORMAT  the header is not JSON: a value does not end, at character 6",
  ],
  ["a header that is a list", safetensors("[]", data), "FORMAT  the header is JSON, but not an object"],
  [
    "a key twice",
    safetensors(`{"a":${JSON.stringify(entry)},"a":${JSON.stringify(entry)}}`, data),
    'FORMAT  the header holds the key "a" twice',
  ],
  [
    "an entry without a shape",
    safetensors({ a: { dtype: "F32", data_offsets: [0, 16] } }, data),
    "FORMAT  the entry has the shape undefined: it takes sizes of at least 0",
    "a",
  ],
  [
    "a negative size",
    safetensors({ a: { ...entry, shape: [-2, -2] } }, data),
    "FORMAT  the entry has the shape [-2,-2]: it takes sizes of at least 0",
    "a",
  ],
  [
    "offsets in the wrong order",
    safetensors({ a: { ...entry, data_offsets: [16, 0] } }, data),
    "FORMAT  the entry ends at byte 0 of the data, before its start at 16",
    "a",
  ],
  [
    "a shape that needs other bytes",
    safetensors({ a: { ...entry, shape: [2, 3] } }, data),
    "FORMAT  2 × 3 of F32 takes 24 bytes, and the entry spans 16",
    "a",
  ],
  [
    "offsets past the end",
    safetensors({ a: { ...entry, shape: [2, 4], data_offsets: [0, 32] } }, data),
    "FORMAT  the tensor ends at byte 32 of the data, which has 16",
    "a",
  ],
  [
    "tensors that overlap",
    safetensors({ a: entry, b: { ...entry, shape: [3], data_offsets: [4, 16] } }, data),
    'FORMAT  the tensor starts at byte 4 of the data, inside "a"',
    "b",
  ],
  [
    "bytes between tensors",
    safetensors(
      {
        a: { ...entry, shape: [1], data_offsets: [0, 4] },
        b: { ...entry, shape: [2], data_offsets: [8, 16] },
      },
      data,
    ),
    "FORMAT  bytes 4 to 8 of the data belong to no tensor",
  ],
  [
    "bytes after the last tensor",
    safetensors({ a: { ...entry, shape: [1], data_offsets: [0, 4] } }, data),
    "FORMAT  12 bytes follow the last tensor",
  ],
  [
    "metadata that are no texts",
    safetensors({ __metadata__: { rank: 4 }, a: entry }, data),
    'FORMAT  __metadata__ holds 4 for "rank", not a text',
  ],
])("%s is refused", async (_, bytes, rule, tensor?: string) => {
  await expectFileRefused(bytes, { rule, tensor });
});
