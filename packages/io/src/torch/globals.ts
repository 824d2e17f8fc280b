import { LoraError } from "@lora/tensor";
import type { PickleGlobal, PickleValue } from "../pickle/values.ts";
import { kindOf } from "../pickle/values.ts";
import { ofKind, sequence } from "./arguments.ts";
import { ELEMENT_TYPES } from "./element-types.ts";
import { numpyScalar } from "./numpy-scalar.ts";
import { shortened, valueText } from "./value-text.ts";
import { rebuildParameter, rebuildTensor, rebuildTensorV3 } from "./rebuild.ts";

type Call = PickleGlobal["call"];

const dict: Call = (args) => {
  const pairs = args.length === 0 ? [] : pairsOf(args[0]!);
  return { kind: "dict", entries: new Map(pairs) };
};

const items =
  (kind: "list" | "tuple" | "set"): Call =>
  (args) => ({ kind, items: args.length === 0 ? [] : [...sequence(args[0], `a ${kind}`).items] });

/** The functions and classes that a checkpoint may name, each made by ours. */
const CALLS: Readonly<Record<string, Call>> = {
  "torch._utils._rebuild_tensor": rebuildTensor,
  "torch._utils._rebuild_tensor_v2": rebuildTensor,
  "torch._utils._rebuild_tensor_v3": rebuildTensorV3,
  "torch._utils._rebuild_parameter": rebuildParameter,
  "torch._utils._rebuild_parameter_with_state": rebuildParameter,
  "torch.Size": items("tuple"),
  "torch.device": (args) => ({ kind: "note", text: valueText(args[0] ?? null) }),
  "collections.OrderedDict": dict,
  "collections.Counter": dict,
  // The first argument makes what is missing; here nothing is.
  "collections.defaultdict": (args) => dict(args.slice(1)),
  "builtins.dict": dict,
  "builtins.list": items("list"),
  "builtins.tuple": items("tuple"),
  "builtins.set": items("set"),
  "builtins.frozenset": items("set"),
  "builtins.bytearray": (args) => encoded(args[0]),
  "_codecs.encode": (args) => encoded(args[0]),
  "numpy.dtype": ([code]) => ({
    kind: "numpy type",
    code: typeof code === "string" ? code : kindOf(code),
    bigEndian: false,
  }),
  "numpy.core.multiarray.scalar": numpyScalar,
};

/** What the same things are called in Python 2 and NumPy 2. */
const RENAMED: readonly (readonly [from: RegExp, to: string])[] = [
  [/^__builtin__\./u, "builtins."],
  [/^numpy\._core\./u, "numpy.core."],
];

const TYPES: ReadonlyMap<string, PickleValue> = new Map(
  ELEMENT_TYPES.map((type) => [`torch.${type.name}`, { kind: "element type", type }]),
);

/**
 * What a checkpoint may name: functions that make tensors, plain containers, types and storages. Everything else
 * is refused by its name; nothing is ever imported or run.
 *
 * @throws LoraError UNSUPPORTED when it is not on the list
 */
export function findGlobal(module: string, name: string): PickleValue {
  let path = `${module}.${name}`;
  for (const [from, to] of RENAMED) path = path.replace(from, to);
  const type = TYPES.get(path);
  if (type !== undefined) return type;
  const storage = storageOf(path);
  const call = Object.hasOwn(CALLS, path) ? CALLS[path] : undefined;
  if (call === undefined && storage === undefined) throw refused(module, name);
  return { kind: "global", name: path, call: call ?? (() => notCalled(path)), storage };
}

function storageOf(path: string): PickleGlobal["storage"] {
  if (path === "torch.UntypedStorage" || path === "torch.storage.UntypedStorage") return "untyped";
  return ELEMENT_TYPES.find(({ storage }) => storage !== undefined && path === `torch.${storage}`);
}

function notCalled(path: string): never {
  throw new LoraError("FORMAT", `the pickle calls ${path}, which only names a type`);
}

/** Modules that have no business in a checkpoint: who names them wants something to be run. */
const HOSTILE = /^(os|posix|nt|sys|subprocess|socket|shutil|runpy|importlib|pty|webbrowser|ctypes)(\.|$)/u;
const HOSTILE_NAMES = ["eval", "exec", "compile", "open", "__import__", "getattr", "setattr", "apply"];

function refused(module: string, name: string): LoraError {
  const global = shortened(`${module}.${name}`);
  const builtin = module === "builtins" || module === "__builtin__";
  const hostile = HOSTILE.test(module) || (builtin && HOSTILE_NAMES.includes(name));
  const advice = hostile
    ? "it would run code when Python loads it: do not load this file anywhere"
    : "load it where it was made, and save only the tensors: torch.save(model.state_dict(), …), or safetensors";
  return new LoraError(
    "UNSUPPORTED",
    `the pickle asks for ${global}, which is not on the list of what is read`,
    {
      global,
      advice,
    },
  );
}

/** Of another mapping, or of a list of pairs. */
function pairsOf(value: PickleValue): readonly (readonly [PickleValue, PickleValue])[] {
  if (kindOf(value) === "dict") return [...ofKind(value, "dict").entries];
  return sequence(value, "what a dictionary is made of").items.map((pair) => {
    const { items: both } = sequence(pair, "an item of a dictionary");
    if (both.length === 2) return [both[0]!, both[1]!];
    throw new LoraError("FORMAT", `an item of a dictionary has ${both.length} parts`);
  });
}

/** Bytes, which protocol 2 writes as a text of letters below 256. */
function encoded(value: PickleValue | undefined): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (value === undefined) return new Uint8Array();
  if (typeof value === "string") return Uint8Array.from(value, (letter) => letter.codePointAt(0)!);
  throw new LoraError("FORMAT", `the pickle makes bytes of ${kindOf(value)}`);
}
