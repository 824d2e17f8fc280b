import { LoraError } from "@lora/tensor";
import type { Machine } from "./machine.ts";
import type { Opcode } from "./opcode.ts";
import type { PickleValue } from "./values.ts";
import { isKind, isSequence, kindOf } from "./values.ts";

/** The memo, and what Python would import, call and set: here only functions of ours ever run. */
export const OBJECT_OPCODES: readonly Opcode[] = [
  [0x71, "BINPUT", (machine) => machine.memoize(machine.cursor.u8())],
  [0x72, "LONG_BINPUT", (machine) => machine.memoize(machine.cursor.u32())],
  [0x94, "MEMOIZE", (machine) => machine.memoize()],
  [0x68, "BINGET", (machine) => machine.push(machine.recall(machine.cursor.u8()))],
  [0x6a, "LONG_BINGET", (machine) => machine.push(machine.recall(machine.cursor.u32()))],
  [0x63, "GLOBAL", (machine) => pushGlobal(machine, machine.cursor.line(), machine.cursor.line())],
  [0x93, "STACK_GLOBAL", stackGlobal],
  [0x51, "BINPERSID", loadPersistent],
  [0x52, "REDUCE", call],
  [0x81, "NEWOBJ", call],
  [0x62, "BUILD", build],
];

/** What an object of ours takes that stands for one of Python's. */
const OBJECT_BYTES = 256;
const ITEM_BYTES = 40;

function loadPersistent(machine: Machine): void {
  machine.spend(2 * OBJECT_BYTES);
  machine.push(machine.world.loadPersistent(machine.pop()));
}

function pushGlobal(machine: Machine, module: string, name: string): void {
  machine.spend(OBJECT_BYTES);
  machine.push(machine.world.findGlobal(module, name));
}

function stackGlobal(machine: Machine): void {
  const [name, module] = [machine.pop(), machine.pop()];
  if (typeof module !== "string" || typeof name !== "string") {
    throw new LoraError(
      "FORMAT",
      `the pickle imports ${kindOf(name)} of ${kindOf(module)}: both have to be texts`,
    );
  }
  pushGlobal(machine, module, name);
}

function call(machine: Machine): void {
  const args = machine.pop();
  const callee = machine.pop();
  if (!isSequence(args)) {
    throw new LoraError("FORMAT", `the pickle calls something with ${kindOf(args)} for its arguments`);
  }
  if (!isKind(callee, "global")) throw new LoraError("FORMAT", `the pickle calls a ${kindOf(callee)}`);
  const made = callee.call(args.items);
  machine.spend(OBJECT_BYTES + sizeOf(made));
  machine.push(made);
}

/** What was copied to make it: a few bytes of a pickle can ask for that again and again. */
function sizeOf(value: PickleValue): number {
  if (value instanceof Uint8Array) return value.length;
  if (isSequence(value)) return value.items.length * ITEM_BYTES;
  return isKind(value, "dict") ? value.entries.size * 2 * ITEM_BYTES : 0;
}

/**
 * Attributes: those of dictionaries (`_metadata` of a state dictionary) and tensors say nothing about the values;
 * those of a NumPy dtype hold the order of its bytes.
 */
function build(machine: Machine): void {
  const state = machine.pop();
  const object = machine.peek();
  if (isKind(object, "dict") || isKind(object, "tensor")) return;
  if (isKind(object, "numpy type")) {
    object.bigEndian = isSequence(state) && state.items[1] === ">";
    return;
  }
  throw new LoraError("FORMAT", `the pickle sets attributes of a ${kindOf(object)}`, {
    at: machine.cursor.position,
  });
}
