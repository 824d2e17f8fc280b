import type { Machine } from "./machine.ts";

/** One instruction of a pickle: its byte, its name in Python's pickletools, and what it does. */
export type Opcode = readonly [code: number, name: string, run: (machine: Machine) => void];
