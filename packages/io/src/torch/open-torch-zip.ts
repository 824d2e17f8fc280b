import type { TensorFile } from "@lora/tensor";
import { LoraError, locate } from "@lora/tensor";
import { memoryBudget } from "../memory-budget.ts";
import { Cursor } from "../parse/cursor.ts";
import { MAX_PREFIX_BYTES } from "../parse/parse-prefix.ts";
import type { PickleStorage, PickleValue } from "../pickle/values.ts";
import { unpickle } from "../pickle/unpickle.ts";
import type { ByteSource } from "../sources/byte-source.ts";
import type { ZipMember } from "../zip/directory.ts";
import { readDirectory } from "../zip/directory.ts";
import { memberSource } from "../zip/member-source.ts";
import { checkpointFile } from "./checkpoint-file.ts";
import { findGlobal } from "./globals.ts";
import { parseStorageId } from "./persistent-storage.ts";

const PICKLE = "data.pkl";

/**
 * Opens what `torch.save` writes since PyTorch 1.6: a zip with one pickle, which says what the tensors are, and a
 * member for each storage. Reads the directory, the pickle and the byte order; tensors are ranges of the file.
 *
 * @throws LoraError UNSUPPORTED when it is another zip, or the pickle asks for what is not on the list; FORMAT when
 *   it is broken; and what reading throws
 * @see torch/serialization.py, `_save` and `_load`
 */
export function openTorchZip(source: ByteSource, signal?: AbortSignal): Promise<TensorFile> {
  return locate({ file: source.name }, async () => {
    const budget = memoryBudget(source.size);
    const members = await readDirectory(source, budget, signal);
    const pickle = members.get(pickleName(members))!;
    if (pickle.bytes > MAX_PREFIX_BYTES) {
      throw new LoraError(
        "FORMAT",
        `${pickle.name} takes ${pickle.bytes} bytes, and at most ${MAX_PREFIX_BYTES} are read`,
      );
    }
    const bytes = await memberSource(source, pickle).read(0, pickle.bytes, signal);
    const folder = pickle.name.slice(0, -PICKLE.length);
    const bigEndian = await isBigEndian(source, members.get(`${folder}byteorder`), signal);
    const loadPersistent = storagesOf(source, { members, folder, bigEndian });
    const value = unpickle(new Cursor(bytes, { what: "the pickle" }), { findGlobal, loadPersistent, budget });
    return checkpointFile(source, value, budget);
  });
}

function pickleName(members: ReadonlyMap<string, ZipMember>): string {
  const names = [...members.keys()].filter((name) => name === PICKLE || name.endsWith(`/${PICKLE}`));
  const [only] = names;
  if (only !== undefined && names.length === 1) return only;
  throw new LoraError("UNSUPPORTED", `this is a zip archive with ${names.length} files called ${PICKLE}`, {
    advice: "give a checkpoint of PyTorch (.pt, .bin, .ckpt) or NumPy (.npz), or unpack the archive",
  });
}

async function isBigEndian(
  source: ByteSource,
  member: ZipMember | undefined,
  signal?: AbortSignal,
): Promise<boolean> {
  if (member === undefined) return false;
  const bytes = await memberSource(source, member).read(0, Math.min(member.bytes, 8), signal);
  const order = new TextDecoder().decode(bytes);
  if (order === "little" || order === "big") return order === "big";
  throw new LoraError("FORMAT", `the byte order of the file is "${order}", not little or big`);
}

interface Archive {
  readonly members: ReadonlyMap<string, ZipMember>;
  readonly folder: string;
  readonly bigEndian: boolean;
}

function storagesOf(
  source: ByteSource,
  { members, folder, bigEndian }: Archive,
): (id: PickleValue) => PickleStorage {
  return (id) => {
    const { type, key, bytes } = parseStorageId(id);
    const member = members.get(`${folder}data/${key}`);
    if (member === undefined) throw new LoraError("FORMAT", `the zip has no member for the storage ${key}`);
    if (member.bytes < bytes) {
      throw new LoraError(
        "FORMAT",
        `the storage ${key} takes ${bytes} bytes, and its member has ${member.bytes}`,
      );
    }
    return { kind: "storage", type, bytes: memberSource(source, member), bigEndian };
  };
}
