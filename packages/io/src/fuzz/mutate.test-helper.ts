/** Whole numbers from 0 to below `limit`, the same for the same seed (mulberry32). */
export type Random = (limit: number) => number;

export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}

type Bytes = Uint8Array;
type Mutation = (bytes: Bytes, random: Random) => Bytes;

/** Most instructions of pickles, and what else ends or begins something. */
const TELLING = [
  0x28, 0x29, 0x2e, 0x51, 0x52, 0x5d, 0x61, 0x62, 0x63, 0x65, 0x68, 0x6a, 0x71, 0x73, 0x74, 0x75, 0x7d,
]
  .concat([
    0x80, 0x81, 0x85, 0x86, 0x87, 0x88, 0x8a, 0x8b, 0x8c, 0x8d, 0x8e, 0x8f, 0x90, 0x91, 0x93, 0x94, 0x95,
    0x30,
  ])
  .concat([0x31, 0x32, 0x4b, 0x4d, 0x4a, 0x47, 0x58, 0x42, 0x22, 0x7b, 0x5b, 0x2c, 0x00, 0xff, 0x09]);

/** Heads and tails are where formats keep their lengths. */
function position(bytes: Uint8Array, random: Random): number {
  const near = Math.min(bytes.length, 600);
  const where = random(4);
  if (where < 2) return random(near);
  return where === 2 ? bytes.length - 1 - random(near) : random(bytes.length);
}

const flipBit: Mutation = (bytes, random) => {
  bytes[position(bytes, random)]! ^= 1 << random(8);
  return bytes;
};

const swapOpcode: Mutation = (bytes, random) => {
  bytes[position(bytes, random)] = TELLING[random(TELLING.length)]!;
  return bytes;
};

const setLength: Mutation = (bytes, random) => {
  const width = [1, 2, 4, 8][random(4)]!;
  const at = Math.min(position(bytes, random), Math.max(0, bytes.length - width));
  const near = BigInt(bytes.length) + BigInt(random(9) - 4);
  const values = [
    0n,
    1n,
    near,
    2n ** 31n - 1n,
    2n ** 31n,
    2n ** 32n - 1n,
    2n ** 53n - 1n,
    2n ** 53n,
    2n ** 63n,
  ];
  let value = values[random(values.length)]! - BigInt(random(2));
  for (let i = 0; i < width && at + i < bytes.length; i += 1, value >>= 8n)
    bytes[at + i] = Number(value & 0xffn);
  return bytes;
};

const cut: Mutation = (bytes, random) => bytes.slice(0, random(bytes.length + 1));

const repeat: Mutation = (bytes, random) => {
  const from = position(bytes, random);
  const part = bytes.subarray(from, from + 1 + random(64));
  const times = 1 + random(8);
  return joined([bytes.subarray(0, from), ...Array<Uint8Array>(times).fill(part), bytes.subarray(from)]);
};

const remove: Mutation = (bytes, random) => {
  const from = position(bytes, random);
  return joined([bytes.subarray(0, from), bytes.subarray(from + 1 + random(16))]);
};

const MUTATIONS: readonly Mutation[] = [
  flipBit,
  flipBit,
  swapOpcode,
  swapOpcode,
  setLength,
  setLength,
  cut,
  repeat,
  remove,
];

/** A copy, damaged in one to four places. */
export function mutated(bytes: Uint8Array, random: Random): Uint8Array {
  let result: Bytes = bytes.slice();
  for (let times = 1 + random(4); times > 0 && result.length > 0; times -= 1) {
    result = MUTATIONS[random(MUTATIONS.length)]!(result, random);
  }
  return result;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
