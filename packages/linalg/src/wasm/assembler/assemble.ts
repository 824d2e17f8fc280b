import type { WasmFunction } from "./define-function.ts";
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
  return Uint8Array.of(
    ...MAGIC,
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
  );
}

function section(id: number, entries: readonly (readonly number[])[]): number[] {
  return [id, ...sized(list(entries))];
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
function codeOf({ locals, body }: WasmFunction): number[] {
  const declared = list(locals.map((type) => [1, VALUE_TYPES[type]]));
  return sized([...declared, ...body, END]);
}
