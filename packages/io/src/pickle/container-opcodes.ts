import type { Machine } from "./machine.ts";
import type { Opcode } from "./opcode.ts";
import type { PickleValue } from "./values.ts";

/** Lists, tuples, dictionaries and sets, and the marks between which their items are collected. */
export const CONTAINER_OPCODES: readonly Opcode[] = [
  [0x28, "MARK", (machine) => machine.mark()],
  [0x30, "POP", (machine) => void machine.pop()],
  [0x31, "POP_MARK", (machine) => void machine.popToMark()],
  [0x32, "DUP", (machine) => machine.push(machine.peek())],
  [0x29, "EMPTY_TUPLE", (machine) => machine.pushSequence("tuple", [])],
  [0x85, "TUPLE1", (machine) => pushTuple(machine, 1)],
  [0x86, "TUPLE2", (machine) => pushTuple(machine, 2)],
  [0x87, "TUPLE3", (machine) => pushTuple(machine, 3)],
  [0x74, "TUPLE", (machine) => machine.pushSequence("tuple", machine.popToMark())],
  [0x5d, "EMPTY_LIST", (machine) => machine.pushSequence("list", [])],
  [0x6c, "LIST", (machine) => machine.pushSequence("list", machine.popToMark())],
  [0x61, "APPEND", (machine) => addItems(machine, "list", [machine.pop()])],
  [0x65, "APPENDS", (machine) => addItems(machine, "list", machine.popToMark())],
  [0x8f, "EMPTY_SET", (machine) => machine.pushSequence("set", [])],
  [0x91, "FROZENSET", (machine) => machine.pushSequence("set", machine.popToMark())],
  [0x90, "ADDITEMS", (machine) => addItems(machine, "set", machine.popToMark())],
  [0x7d, "EMPTY_DICT", (machine) => void machine.pushDict()],
  [0x64, "DICT", pushFilledDict],
  [0x73, "SETITEM", setItem],
  [0x75, "SETITEMS", setItems],
];

function pushTuple(machine: Machine, count: number): void {
  const items = Array.from({ length: count }, () => machine.pop());
  machine.pushSequence("tuple", items.reverse());
}

function addItems(machine: Machine, kind: "list" | "set", added: readonly PickleValue[]): void {
  machine.grow(machine.peekSequence(kind).items, added);
}

function pushFilledDict(machine: Machine): void {
  const pairs = machine.popToMark();
  machine.fill(machine.pushDict(), pairs);
}

function setItem(machine: Machine): void {
  const value = machine.pop();
  const key = machine.pop();
  machine.fill(machine.peekDict(), [key, value]);
}

function setItems(machine: Machine): void {
  const pairs = machine.popToMark();
  machine.fill(machine.peekDict(), pairs);
}
