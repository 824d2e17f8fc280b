import { LoraError } from "@lora/tensor";
import type { Machine } from "./machine.ts";
import type { Opcode } from "./opcode.ts";

/** Numbers, texts and bytes. */
export const SCALAR_OPCODES: readonly Opcode[] = [
  [0x4e, "NONE", (machine) => machine.push(null)],
  [0x88, "NEWTRUE", (machine) => machine.push(true)],
  [0x89, "NEWFALSE", (machine) => machine.push(false)],
  [0x4a, "BININT", (machine) => machine.push(machine.cursor.i32())],
  [0x4b, "BININT1", (machine) => machine.push(machine.cursor.u8())],
  [0x4d, "BININT2", (machine) => machine.push(machine.cursor.u16())],
  [0x47, "BINFLOAT", pushFloat],
  [0x8a, "LONG1", (machine) => pushLong(machine, machine.cursor.u8())],
  [0x8b, "LONG4", (machine) => pushLong(machine, machine.cursor.i32())],
  [0x8c, "SHORT_BINUNICODE", (machine) => pushText(machine, machine.cursor.u8())],
  [0x58, "BINUNICODE", (machine) => pushText(machine, machine.cursor.u32())],
  [0x8d, "BINUNICODE8", (machine) => pushText(machine, machine.cursor.u64())],
  // Texts of Python 2: what is not UTF-8 among them was never the name of a tensor.
  [0x55, "SHORT_BINSTRING", (machine) => pushText(machine, machine.cursor.u8())],
  [0x54, "BINSTRING", (machine) => pushText(machine, machine.cursor.u32())],
  [0x43, "SHORT_BINBYTES", (machine) => pushBytes(machine, machine.cursor.u8())],
  [0x42, "BINBYTES", (machine) => pushBytes(machine, machine.cursor.u32())],
  [0x8e, "BINBYTES8", (machine) => pushBytes(machine, machine.cursor.u64())],
  [0x96, "BYTEARRAY8", (machine) => pushBytes(machine, machine.cursor.u64())],
];

function pushFloat(machine: Machine): void {
  machine.spend(FLOAT_BYTES);
  machine.push(machine.cursor.f64(false));
}

/** Wider whole numbers appear in no checkpoint, and take more than linear time to read. */
const MOST_LONG_BYTES = 64;

/** A whole number of so many bytes, two's complement, the least significant byte first. */
function pushLong(machine: Machine, count: number): void {
  if (count < 0 || count > MOST_LONG_BYTES) {
    throw new LoraError("FORMAT", `the pickle holds a whole number of ${count} bytes`, {
      at: machine.cursor.position,
    });
  }
  const bytes = machine.cursor.take(count);
  machine.spend(OBJECT_BYTES);
  let value = 0n;
  for (let i = count - 1; i >= 0; i -= 1) value = (value << 8n) | BigInt(bytes[i]!);
  value = BigInt.asIntN(8 * count, value);
  machine.push(
    BigInt(Number.MIN_SAFE_INTEGER) <= value && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value,
  );
}

function pushText(machine: Machine, count: number): void {
  const text = machine.cursor.text(count);
  // Up to two bytes a letter.
  machine.spend(OBJECT_BYTES + 2 * text.length);
  machine.push(text);
}

function pushBytes(machine: Machine, count: number): void {
  machine.spend(2 * OBJECT_BYTES);
  machine.push(machine.cursor.take(count));
}

/** What a text or a wide number takes besides its contents; a view of bytes twice as much. */
const OBJECT_BYTES = 48;
/** Beside its place. */
const FLOAT_BYTES = 16;
