import { LoraError } from "@lora/tensor";
import type { Cursor } from "../parse/cursor.ts";
import { CONTAINER_OPCODES } from "./container-opcodes.ts";
import type { PickleWorld } from "./machine.ts";
import { Machine } from "./machine.ts";
import { OBJECT_OPCODES } from "./object-opcodes.ts";
import type { Opcode } from "./opcode.ts";
import { SCALAR_OPCODES } from "./scalar-opcodes.ts";
import type { PickleValue } from "./values.ts";

const OPCODES: ReadonlyMap<number, Opcode> = new Map(
  [...SCALAR_OPCODES, ...CONTAINER_OPCODES, ...OBJECT_OPCODES].map((opcode) => [opcode[0], opcode]),
);

/** Instructions that are known and refused: text forms of protocol 0, class tricks, buffers outside the stream. */
const REFUSED: ReadonlyMap<number, string> = new Map([
  [0x49, "INT"],
  [0x4c, "LONG"],
  [0x46, "FLOAT"],
  [0x53, "STRING"],
  [0x56, "UNICODE"],
  [0x70, "PUT"],
  [0x67, "GET"],
  [0x50, "PERSID"],
  [0x69, "INST"],
  [0x6f, "OBJ"],
  [0x82, "EXT1"],
  [0x83, "EXT2"],
  [0x84, "EXT4"],
  [0x92, "NEWOBJ_EX"],
  [0x97, "NEXT_BUFFER"],
  [0x98, "READONLY_BUFFER"],
]);

const STOP = 0x2e;
const PROTO = 0x80;
const FRAME = 0x95;
const LATEST_PROTOCOL = 5;

/**
 * Reads one pickle of protocol 2 to 5 from the cursor on, and leaves the cursor behind it. Nothing that the pickle
 * names is run: what it may call is what `world` gives it. One pass, no recursion; every value is paid for from
 * `world.budget`.
 *
 * @throws LoraError FORMAT when it is broken or takes too much memory; UNSUPPORTED when it uses an instruction
 *   that is refused; and what `world` throws
 * @see Lib/pickletools.py of CPython for the instructions
 */
export function unpickle(cursor: Cursor, world: PickleWorld): PickleValue {
  const machine = new Machine(cursor, world);
  for (;;) {
    const code = cursor.u8();
    const opcode = OPCODES.get(code);
    if (opcode !== undefined) opcode[2](machine);
    else if (code === STOP) return machine.pop();
    else if (code === PROTO) checkProtocol(cursor.u8());
    else if (code === FRAME) cursor.u64();
    else throw refused(code, cursor.position - 1);
  }
}

function checkProtocol(version: number): void {
  if (version <= LATEST_PROTOCOL) return;
  throw new LoraError("UNSUPPORTED", `the pickle has protocol ${version}, and those up to 5 are read`);
}

function refused(code: number, at: number): LoraError {
  const name = REFUSED.get(code);
  if (name === undefined) {
    return new LoraError("FORMAT", `byte 0x${code.toString(16)} is no instruction of a pickle`, { at });
  }
  return new LoraError("UNSUPPORTED", `the pickle uses ${name}, which is not run`, {
    at,
    advice: "load it where it was made and save its tensors as safetensors",
  });
}
