import type { Code, Local } from "./instructions.ts";
import type { ValueType } from "./opcodes.ts";

/** A function of a module. */
export interface WasmFunction {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly result: ValueType | undefined;
  /** The types of the variables besides the parameters. */
  readonly locals: readonly ValueType[];
  readonly body: Code;
}

/** What a function takes and gives. */
export interface Signature<P extends string> {
  readonly name: string;
  readonly parameters: Readonly<Record<P, ValueType>>;
  readonly result?: ValueType;
}

/** Makes a local variable; it begins as zero. */
export type NewLocal = (type: ValueType) => Local;

/** A function from a signature and what writes its body. */
export function defineFunction<P extends string>(
  { name, parameters, result }: Signature<P>,
  write: (parameters: Readonly<Record<P, Local>>, local: NewLocal) => Code,
): WasmFunction {
  const names = Object.keys(parameters) as P[];
  const byName = Object.fromEntries(names.map((each, index) => [each, { index }])) as Record<P, Local>;
  const locals: ValueType[] = [];
  const body = write(byName, (type) => ({ index: names.length + locals.push(type) - 1 }));
  return { name, parameters: names.map((each) => parameters[each]), result, locals, body };
}
