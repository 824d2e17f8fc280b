import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { checkFolderFree, checkOutput, writeFile, writeFolder } from "@lora/io/node";
import { joinParts, type JoinOutput, type OutputPlace, parsePartRecord, type Part } from "@lora/jobs";
import { LoraError, type TensorFile } from "@lora/tensor";
import { EXIT } from "./errors/exit-code.ts";
import { isFolder } from "./is-folder.ts";
import { outputPath } from "./output-path.ts";
import { PART_FILE } from "./present-parts.ts";
import type { Session } from "./session.ts";
import { jobView } from "./views/job-view.ts";

/** What `lora join` takes besides its parts. */
export interface JoinFlags {
  readonly out?: string;
  readonly force?: boolean;
}

/**
 * Opens parts, checks that they make a whole, writes it and prints the report of the job.
 *
 * @returns the exit code of the job
 * @throws LoraError MISSING or FORMAT for what is no part; USAGE when there is a file to write and no place for it; as
 *   `joinParts` and the writers do
 */
export async function joinFiles(
  paths: readonly string[],
  flags: JoinFlags,
  session: Session,
): Promise<number> {
  const parts: Part[] = [];
  for (const path of paths) parts.push(await openPart(path, session));
  const joined = await joinParts(parts, session.context);
  const place =
    joined.file === undefined ? REPORT_ONLY : await written(joined, joined.file, { flags, session });
  const report = joined.report(place) ?? { job: "join", of: joined.job, output: place };
  session.print(report, (terminal) =>
    "of" in report
      ? [`Joined: ${place.path}, ${parts.length} parts of ${joined.job}`]
      : jobView(joined.job, report, terminal),
  );
  return "passed" in report && report.passed === false ? EXIT.verification : EXIT.done;
}

const REPORT_ONLY: OutputPlace = { path: "", bytes: 0 };

/** A part is the folder that a job has written, or the report that it has printed. */
async function openPart(path: string, session: Session): Promise<Part> {
  const isReport = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
  if (isReport)
    return { name: path, record: parsePartRecord(await recordInReport(path), path), file: undefined };
  const text = await readFile(join(path, PART_FILE), "utf8").catch((error: unknown) => {
    throw new LoraError("MISSING", `there is no ${PART_FILE} here, so this is no part`, {
      file: path,
      advice: "give the folders that a job with --shard i/n has written, or its reports",
      cause: error,
    });
  });
  const record = parsePartRecord(text, path);
  return { name: path, record, file: await session.open(path) };
}

/** The text of the record in a printed report; that of nothing where there is none. */
async function recordInReport(path: string): Promise<string> {
  const text = await readFile(path, "utf8");
  try {
    return JSON.stringify((JSON.parse(text) as { readonly part?: object }).part ?? {});
  } catch {
    return text;
  }
}

interface Joining {
  readonly flags: JoinFlags;
  readonly session: Session;
}

async function written(
  { job, parts }: JoinOutput,
  file: TensorFile,
  { flags, session: { context } }: Joining,
): Promise<OutputPlace> {
  const { out, force = false } = flags;
  if (out === undefined) {
    throw new LoraError("USAGE", "join needs a place to write to", { advice: "name it with -o OUT" });
  }
  const folders = parts.map(({ name }) => name);
  if (job === "merge" && !out.endsWith(".safetensors")) {
    await checkFolderFree(out);
    const ready = (shard: string): string[] => folders.map((folder) => join(folder, shard));
    const { shards, ...folder } = await writeFolder(file, out, { ...context, ready, companions: folders[0] });
    return { ...folder, files: shards };
  }
  const target = await targetOf(out, file, parts[0]!);
  const place = { force, inputs: folders };
  await checkOutput(file, target, place);
  const whole = job === "merge" ? { ...file, sidecars: new Map<string, string>() } : file;
  return writeFile(whole, target, { ...place, ...context });
}

async function targetOf(out: string, { sidecars }: TensorFile, { record }: Part): Promise<string> {
  return outputPath({
    out,
    isFolder: await isFolder(out),
    input: record.inputs[0]![1].name,
    suffix: "",
    hasSidecars: sidecars.has("adapter_config.json") || record.output === "base",
  });
}
