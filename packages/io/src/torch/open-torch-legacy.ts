import type { TensorFile } from "@lora/tensor";
import { LoraError, locate } from "@lora/tensor";
import type { Budget } from "../memory-budget.ts";
import { memoryBudget } from "../memory-budget.ts";
import type { Cursor } from "../parse/cursor.ts";
import { parsePrefix } from "../parse/parse-prefix.ts";
import type { PickleWorld } from "../pickle/machine.ts";
import type { PickleValue } from "../pickle/values.ts";
import { unpickle } from "../pickle/unpickle.ts";
import type { ByteSource } from "../sources/byte-source.ts";
import { ofKind, sequence } from "./arguments.ts";
import { checkpointFile } from "./checkpoint-file.ts";
import { findGlobal } from "./globals.ts";
import { LegacyStorages } from "./legacy-storages.ts";

const MAGIC = 0x1950a86a20f9469cfc6cn;
const PROTOCOL = 1001;

/**
 * Opens what `torch.save` wrote before PyTorch 1.6, and writes still when asked: five pickles (a magic number, a
 * version, the system, the object, the keys of the storages), then the storages in the order of those keys, each
 * behind the count of its elements. Reads the pickles; the counts are compared when a storage is read.
 *
 * @throws LoraError UNSUPPORTED when it is a pickle of something else, or asks for what is not on the list; FORMAT
 *   when it is broken; and what reading throws
 * @see torch/serialization.py, `_legacy_save` and `_legacy_load`
 */
export function openTorchLegacy(source: ByteSource, signal?: AbortSignal): Promise<TensorFile> {
  return locate({ file: source.name }, async () => {
    const parse = (cursor: Cursor): Legacy => parseLegacy(cursor, source);
    const { value, budget } = await parsePrefix(source, { what: "the pickle", parse }, signal);
    return checkpointFile(source, value, budget);
  });
}

interface Legacy {
  readonly value: PickleValue;
  readonly budget: Budget;
}

function parseLegacy(cursor: Cursor, source: ByteSource): Legacy {
  const budget = memoryBudget(source.size);
  const plain: PickleWorld = { findGlobal, loadPersistent: noPersistent, budget };
  if (unpickle(cursor, plain) !== MAGIC || unpickle(cursor, plain) !== PROTOCOL) {
    throw new LoraError("UNSUPPORTED", "this is a Python pickle that torch.save did not write", {
      advice: "load it where it was made, and save its tensors as safetensors",
    });
  }
  const storages = new LegacyStorages(source, isBigEndian(unpickle(cursor, plain)));
  const value = unpickle(cursor, { ...plain, loadPersistent: (id) => storages.find(id) });
  const keys = sequence(unpickle(cursor, plain), "the list of storages").items;
  storages.place(keys, cursor.position);
  return { value, budget };
}

function isBigEndian(system: PickleValue): boolean {
  return ofKind(system, "dict").entries.get("little_endian") === false;
}

function noPersistent(): never {
  throw new LoraError("FORMAT", "the pickle names a storage before its tensors begin");
}
