import { readFile } from "node:fs/promises";
import { fileHashes, type FileHashes } from "@lora/io";
import { checkOutput, fileSink, fileSource, writeFile } from "@lora/io/node";
import { metadata, type MetadataOutput, type MetadataReport, thumbnailOf } from "@lora/jobs";
import { LoraError } from "@lora/tensor";
import type { MetadataFlags } from "./commands/_metadata-flags.ts";
import { isFolder } from "./is-folder.ts";
import { outputPath } from "./output-path.ts";
import type { Session } from "./session.ts";
import { metadataView } from "./views/metadata-view.ts";

/**
 * Opens a file, edits its metadata, writes it where `-o` says, and prints what it says of itself.
 *
 * @throws LoraError USAGE for edits with no output, and an output with no edits; as `metadata` and `writeFile` do
 */
export async function metadataFile(path: string, flags: MetadataFlags, session: Session): Promise<void> {
  checkFlags(flags);
  const file = await session.open(path);
  const output = await metadata(file, await edits(flags), session.context);
  const hashes = flags.hashes === true ? await hashesOf(file.name, session) : null;
  if (flags.extractThumbnail !== undefined) await extractThumbnail(file, flags.extractThumbnail, flags);
  const report = { ...(await written(output, path, { flags, session })), hashes };
  session.print(report, (terminal) => metadataView(report, terminal));
}

function checkFlags({ set, unset, strip, fromJson, thumbnail, hash, out }: MetadataFlags): void {
  const edited = [set, unset, strip, fromJson, thumbnail, hash].some((flag) => flag !== undefined);
  if (edited === (out !== undefined)) return;
  throw edited
    ? new LoraError("USAGE", "edited metadata needs a place to be written to", {
        advice: "name it with -o OUT; the file itself stays as it is",
      })
    : new LoraError("USAGE", "-o is given, and nothing is edited", {
        advice: "say what to edit: --set, --unset, --strip, --from-json, --thumbnail or --hash",
      });
}

async function edits(flags: MetadataFlags): Promise<Parameters<typeof metadata>[1]> {
  const { set, unset, strip, hash } = flags;
  const from = flags.fromJson === undefined ? undefined : parsed(await read(flags.fromJson), flags.fromJson);
  const thumbnail = flags.thumbnail === undefined ? undefined : new Uint8Array(await read(flags.thumbnail));
  return { set, unset, strip, hash, from, thumbnail };
}

async function read(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new LoraError("IO", "the file cannot be read", { file: path, advice: "check the path", cause });
  }
}

function parsed(text: Buffer, path: string): unknown {
  try {
    return JSON.parse(text.toString());
  } catch (cause) {
    throw new LoraError("FORMAT", "the file is no JSON", { file: path, advice: "give a JSON object", cause });
  }
}

/** Of the file itself: the tensors do not tell what its header looks like. */
async function hashesOf(path: string, { context }: Session): Promise<FileHashes> {
  const source = await fileSource(path);
  try {
    return await fileHashes(source, context);
  } finally {
    await source.close();
  }
}

async function extractThumbnail(
  { name, metadata: texts }: MetadataOutput["file"],
  path: string,
  { force }: MetadataFlags,
): Promise<void> {
  const url = texts.get("modelspec.thumbnail");
  if (url === undefined) {
    throw new LoraError("MISSING", "the file has no thumbnail", {
      file: name,
      advice: "a picture would be in its modelspec.thumbnail",
    });
  }
  const { bytes } = thumbnailOf(url);
  const sink = await fileSink(path, { force: force === true });
  await sink.write(0, bytes);
  await sink.commit();
}

async function written(
  { file, report }: MetadataOutput,
  input: string,
  { flags, session }: { readonly flags: MetadataFlags; readonly session: Session },
): Promise<MetadataReport> {
  const { out, force } = flags;
  if (out === undefined) return report();
  const hasSidecars = file.sidecars.has("adapter_config.json");
  const target = outputPath({ out, isFolder: await isFolder(out), input, suffix: "", hasSidecars });
  const place = { force: force === true, inputs: [input, file.name] };
  await checkOutput(file, target, place);
  return report(await writeFile(file, target, { ...place, ...session.context }));
}
