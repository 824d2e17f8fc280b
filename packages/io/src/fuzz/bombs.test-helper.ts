import { makeZip } from "../zip/make-zip.test-helper.ts";
import { pickle } from "../pickle/pickle.test-helper.ts";
import { rawFile } from "../safetensors/raw-file.test-helper.ts";

/** A file that consists of as many of the smallest things as it can hold, and what comes of it. */
export interface Bomb {
  readonly make: (bytes: number) => Uint8Array;
  /** Left out: it opens. */
  readonly refused?: string;
}

const FEW = "take more memory than a file of its size may";
const EMPTY = '{"dtype":"U8","shape":[0],"data_offsets":[0,0]}';
const ARRAY = "{'descr':'|u1','fortran_order':True,'shape':(0,)}";

export const BOMBS: Readonly<Record<string, Bomb>> = {
  "safetensors of tensors without elements": {
    make: (bytes) => rawFile(`{${repeated(bytes, 55, (name) => `"${name}":${EMPTY}`)}}`, 0),
  },
  "safetensors of names beyond Latin": {
    make: (bytes) => rawFile(`{${repeated(bytes, 55, (name) => `"中${name}":${EMPTY}`)}}`, 0),
  },
  "safetensors of metadata": {
    make: (bytes) => rawFile(`{"__metadata__":{${repeated(bytes, 6, (name) => `"${name}":""`)}}}`, 0),
    refused: `the texts of the header ${FEW}`,
  },
  "safetensors of one long entry": {
    make: (bytes) => rawFile(`{"a":{"shape":[${repeated(bytes, 2, () => "0")}]}}`, 0),
    refused: "the entry takes 1000011 letters of the header, and at most 65536 are read",
  },
  "GGUF of keys": { make: (bytes) => gguf(bytes, "keys"), refused: `the metadata ${FEW}` },
  "GGUF of tensors": { make: (bytes) => gguf(bytes, "tensors"), refused: `the tensors of the header ${FEW}` },
  "zip of members": {
    make: (bytes) => archive(bytes / 8, (name) => `${name}.x`, new Uint8Array()),
  },
  "npz of empty arrays": {
    make: (bytes) => archive(bytes / 12, (name) => `${name}.npy`, npy()),
    refused: `the arrays of the zip ${FEW}`,
  },
  "pickle of lists": {
    make: (bytes) => torch("]".repeat(bytes)),
    refused: `the values of the pickle ${FEW}`,
  },
  "pickle of lists of one": {
    make: (bytes) => torch("]Na".repeat(bytes / 3)),
    refused: `the values of the pickle ${FEW}`,
  },
  "pickle of dictionaries": {
    make: (bytes) => torch("}".repeat(bytes)),
    refused: `the values of the pickle ${FEW}`,
  },
  "pickle of texts": {
    make: (bytes) => torch("U\u0002ab".repeat(bytes / 4)),
    refused: `the values of the pickle ${FEW}`,
  },
};

function repeated(bytes: number, each: number, part: (name: string) => string): string {
  return Array.from({ length: Math.floor(bytes / each) }, (_, index) => part(index.toString(36))).join();
}

function archive(bytes: number, name: (part: string) => string, content: Uint8Array): Uint8Array {
  const members = Array.from({ length: Math.floor(bytes / 16) }, (_, index) => ({
    name: name(index.toString(36)),
    bytes: content,
  }));
  return makeZip([{ name: "first.npy", bytes: npy() }, ...members], { zip64: true });
}

function npy(): Uint8Array {
  return Uint8Array.from(`\u0093NUMPY\u0001\0${String.fromCharCode(ARRAY.length)}\0${ARRAY}`, (letter) =>
    letter.charCodeAt(0),
  );
}

function torch(program: string): Uint8Array {
  return makeZip([{ name: "m/data.pkl", bytes: pickle(program) }]);
}

/** Keys with a number of one byte, or tensors without an axis. */
function gguf(bytes: number, what: "keys" | "tensors"): Uint8Array {
  const file = new Uint8Array(bytes);
  const view = new DataView(file.buffer);
  file.set([0x47, 0x47, 0x55, 0x46, 3]);
  let [at, count] = [24, 0];
  for (; at + 40 < bytes; count += 1) {
    const name = new TextEncoder().encode(count.toString(36));
    view.setUint32(at, name.length, true);
    file.set(name, at + 8);
    at += 8 + name.length + (what === "keys" ? 5 : 16);
  }
  view.setUint32(what === "keys" ? 16 : 8, count, true);
  return file;
}
