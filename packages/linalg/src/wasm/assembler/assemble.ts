import type { WasmFunction } from "./define-function.ts";
import type { Code } from "./instructions.ts";
import { unsigned } from "./leb128.ts";
import { VALUE_TYPES } from "./opcodes.ts";

/** `\0asm`, version 1. */
const MAGIC = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const [FUNCTION, END] = [0x60, 0x0b];
const [TYPES, IMPORTS, FUNCTIONS, EXPORTS, CODE] = [1, 2, 3, 7, 10];
const [EXPORTED_FUNCTION, IMPORTED_MEMORY] = [0, 2];

/**
 * A module of these functions, all exported by their names, over a memory imported as `host.memory`. Function i
 * of the list has the index i.
 *
 * Source: WebAssembly Core Specification 3.0 §5.5.
 */
export function assemble(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const memory = [...text("host"), ...text("memory"), IMPORTED_MEMORY, 0, ...unsigned(1)];
  return joined([
    MAGIC,
    ...section(TYPES, functions.map(typeOf)),
    ...section(IMPORTS, [memory]),
    ...section(
      FUNCTIONS,
      functions.map((_, index) => unsigned(index)),
    ),
    ...section(
      EXPORTS,
      functions.map(({ name }, index) => [...text(name), EXPORTED_FUNCTION, ...unsigned(index)]),
    ),
    ...section(CODE, functions.map(codeOf)),
  ]);
}

type Bytes = ArrayLike<number>;

/** Large entries stay whole until all is joined. */
function section(id: number, entries: readonly Bytes[]): Bytes[] {
  const content = [unsigned(entries.length), ...entries];
  return [[id, ...unsigned(lengthOf(content))], ...content];
}

function list(entries: readonly (readonly number[])[]): number[] {
  return [...unsigned(entries.length), ...entries.flat()];
}

function sized(bytes: readonly number[]): number[] {
  return [...unsigned(bytes.length), ...bytes];
}

function text(characters: string): number[] {
  return sized([...new TextEncoder().encode(characters)]);
}

function typeOf({ parameters, result }: WasmFunction): number[] {
  const results = result === undefined ? [] : [[VALUE_TYPES[result]]];
  return [FUNCTION, ...list(parameters.map((type) => [VALUE_TYPES[type]])), ...list(results)];
}

/** Each local in a group of its own, which costs a byte and keeps their order. */
function codeOf({ locals, body }: WasmFunction): Bytes {
  const code = list(locals.map((type) => [1, VALUE_TYPES[type]]));
  append(code, body);
  code.push(END);
  return joined([unsigned(code.length), code]);
}

function append(bytes: number[], code: Code): void {
  for (let i = 0; i < code.length; i++) {
    const part = code[i];
    if (typeof part === "number") bytes.push(part);
    else append(bytes, part);
  }
}

function lengthOf(parts: readonly Bytes[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}

function joined(parts: readonly Bytes[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(lengthOf(parts));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
