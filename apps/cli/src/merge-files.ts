import { dirname } from "node:path";
import {
  checkFolderFree,
  checkOutput,
  type FolderOptions,
  type OpenedCheckpoint,
  writeFile,
  writeFolder,
} from "@lora/io/node";
import { merge, type MergeInput, type MergeOutput, type MergeWritten, type Share } from "@lora/jobs";
import { inputState } from "./input-state.ts";
import { weightedPath } from "./flags/weighted-path.ts";
import type { Session } from "./session.ts";
import { writeParts } from "./write-parts.ts";
import { mergeView } from "./views/merge-view.ts";

/** What `lora merge` may be told. */
export interface MergeFlags {
  readonly base: string;
  readonly out?: string;
  readonly safe?: boolean;
  readonly unmerge?: boolean;
  readonly dialect?: string;
  readonly force?: boolean;
  readonly shard?: Share;
}

type Flags = MergeFlags & { readonly out: string };

/**
 * Opens base and adapters, writes the merged model and prints the report. A path that ends in `.safetensors` becomes one file,
 * any other a folder with the shards, configuration and tokenizer of the base's folder.
 *
 * @throws LoraError USAGE for a weight that is no number, or an output that is there; as `merge`, `writeFile` and `writeFolder` do
 */
export async function mergeFiles(paths: readonly string[], flags: Flags, session: Session): Promise<void> {
  const inputs = await Promise.all(paths.map(weightedPath));
  const base = await session.open(flags.base);
  const isFile = flags.out.endsWith(".safetensors");
  const place = { force: flags.force === true, inputs: [flags.base, ...inputs.map(({ path }) => path)] };
  if (flags.shard === undefined)
    await (isFile ? checkOutput(base, flags.out, place) : checkFolderFree(flags.out));
  const adapters = [];
  for (const { path, weight } of inputs) adapters.push({ path, file: await session.open(path), weight });
  if (flags.shard !== undefined) return mergeShare({ base, adapters, share: flags.shard }, flags, session);
  const { safe, unmerge, dialect } = flags;
  const output = await merge(base, { adapters, safe, unmerge, dialect }, session.context);
  const lanes = 2 * (session.context.pool?.size ?? 0) + 2;
  const context = { ...session.context, lanes };
  const written = isFile
    ? await writeOne(output, flags.out, { ...context, ...place })
    : await writeFolder(output.file, flags.out, {
        ...context,
        recipe: await recipe(base, adapters, flags),
        companions: companionsOf(base),
      });
  const report = output.report("files" in written ? written : folderWritten(written));
  session.print(report, (terminal) => mergeView(report, terminal));
}

interface MergeShare {
  readonly base: OpenedCheckpoint;
  readonly adapters: readonly MergeInput[];
  readonly share: Share;
}

async function mergeShare(
  { base, adapters, share }: MergeShare,
  flags: Flags,
  session: Session,
): Promise<void> {
  const { out, force, safe, unmerge, dialect } = flags;
  const weights = adapters.map(({ weight = 1 }) => weight);
  const job = { job: "merge", options: { safe, unmerge, dialect, weights } } as const;
  const files = new Map<string, MergeInput["file"]>([
    ["base", base],
    ...adapters.map(({ file }, i) => [`adapter ${i + 1}`, file] as const),
  ]);
  const companions = out.endsWith(".safetensors") ? undefined : companionsOf(base);
  await writeParts({ job, files, share }, { targets: new Map([["", out]]), force, companions }, { session });
}

async function writeOne(
  { file }: MergeOutput,
  path: string,
  options: Parameters<typeof writeFile>[2],
): Promise<MergeWritten> {
  const written = await writeFile({ ...file, sidecars: new Map() }, path, options);
  return { ...written, files: [written.path], resumed: [] };
}

function folderWritten({ shards, ...written }: Awaited<ReturnType<typeof writeFolder>>): MergeWritten {
  return { ...written, files: shards };
}

type Input = { readonly path: string; readonly file: OpenedCheckpoint; readonly weight: number };

/** All that the output follows from, as far as names, sizes and times of files tell, or what servers say. */
async function recipe(base: OpenedCheckpoint, inputs: readonly Input[], flags: Flags): Promise<string> {
  const described = async (path: string, file: OpenedCheckpoint): Promise<object> => ({
    path,
    ...(await inputState(file)),
  });
  const adapters = await Promise.all(
    inputs.map(async ({ path, file, weight }) => ({ ...(await described(path, file)), weight })),
  );
  const { safe = false, unmerge = false, dialect } = flags;
  return `${JSON.stringify({ job: "merge", base: await described(flags.base, base), adapters, safe, unmerge, dialect })}\n`;
}

/** The folder that the base is in, or what the hub has beside it. */
function companionsOf({ name, remote }: OpenedCheckpoint): FolderOptions["companions"] {
  return remote === undefined ? dirname(name) : { names: remote.companions, read: remote.companion };
}
