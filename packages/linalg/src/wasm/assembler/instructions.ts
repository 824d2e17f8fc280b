import { signed, unsigned } from "./leb128.ts";
import { LOADS, OPCODES, STORES } from "./opcodes.ts";

/** Bytes of instructions, in parts that are put together when all are there: each byte is copied once. */
export type Code = readonly (number | Code)[];

/** A parameter or local variable of a function, by its index. */
export interface Local {
  readonly index: number;
}

/** One after another. */
export function sequence(...parts: readonly Code[]): Code {
  return parts;
}

/** An instruction behind its operands, as the folded text format has it. */
export function op(name: keyof typeof OPCODES, ...operands: readonly Code[]): Code {
  return [...operands, opcode(OPCODES[name])];
}

/** Reads memory at `address` + `offset`, at any alignment. */
export function load(name: keyof typeof LOADS, address: Code, offset = 0): Code {
  return [address, access(LOADS[name], offset)];
}

/** Writes `value` to memory at `address` + `offset`, at any alignment. */
export function store(name: keyof typeof STORES, address: Code, value: Code, offset = 0): Code {
  return [address, value, access(STORES[name], offset)];
}

/** The alignment is a hint that no engine uses: a byte is promised. */
function access(code: number, offset: number): Code {
  return [opcode(code), 0, unsigned(offset)];
}

function opcode(code: number): Code {
  return code > 0xff ? [code >> 12, unsigned(code & 0xfff)] : [code];
}

/** The value of a local. */
export function get(local: Local): Code {
  return [0x20, unsigned(local.index)];
}

/** local ← value */
export function set(local: Local, value: Code): Code {
  return [value, 0x21, unsigned(local.index)];
}

/** local ← local + value, of whole numbers. */
export function advance(local: Local, value: Code): Code {
  return set(local, op("i32.add", get(local), value));
}

/** A whole number. */
export function i32(value: number): Code {
  return [0x41, signed(value)];
}

/** A double. */
export function f64(value: number): Code {
  return [0x44, ...new Uint8Array(Float64Array.of(value).buffer)];
}

/** Calls the function with this index. */
export function call(index: number, ...operands: readonly Code[]): Code {
  return [...operands, 0x10, unsigned(index)];
}

/** Runs the body as long as the condition holds; it is tested before each turn. */
export function loopWhile(condition: Code, ...body: readonly Code[]): Code {
  const again = [0x03, 0x40, ...body, condition, 0x0d, 0, 0x0b]; // loop … br_if 0 end
  return when(condition, again);
}

/** Runs one branch or the other. */
export function when(condition: Code, then: Code, otherwise?: Code): Code {
  return [condition, 0x04, 0x40, then, otherwise ? [0x05, otherwise] : [], 0x0b];
}

/** One lane of a vector of f32. */
export function singleOf(vector: Code, lane: number): Code {
  return [vector, opcode(0xfd_01f), lane];
}

/** One lane of a vector of doubles. */
export function doubleOf(vector: Code, lane: number): Code {
  return [vector, opcode(0xfd_021), lane];
}

/** The upper eight bytes of a vector, in both halves. */
export function upperHalf(vector: Code): Code {
  const lanes = [8, 9, 10, 11, 12, 13, 14, 15];
  return [vector, vector, opcode(0xfd_00d), lanes, lanes];
}
