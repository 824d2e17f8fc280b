import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { checkFolderFree, readText } from "@lora/io/node";
import { parsePartRecord, type PartRecord, planShare, type ShareRun } from "@lora/jobs";
import { LoraError } from "@lora/tensor";
import { inputState } from "./input-state.ts";
import type { Session } from "./session.ts";

/** The file in the folder of a part that says what it is a part of. */
export const PART_FILE = "lora.part";

/** What is there of a share. */
export interface PresentParts {
  /** Where an earlier run of the same share has written an output, by the name of the output. */
  readonly made: ReadonlyMap<string, string>;
  readonly plan: string;
  readonly states: InputStates;
}

/** By what it shows that inputs have changed, by their roles. */
export type InputStates = readonly (readonly [role: string, state: object])[];

/**
 * Which parts of a share are there: made by an earlier run of the same inputs, with the same options, and whole.
 *
 * @param paths where the part of each output goes, by the name of the output
 * @throws LoraError USAGE when something else is at one of them, unless `force` lets a part be removed
 */
export async function presentParts(
  run: ShareRun,
  paths: ReadonlyMap<string, string>,
  { force, session }: { readonly force: boolean; readonly session: Session },
): Promise<PresentParts> {
  const { plan } = await planShare(run, session.context);
  const states = await Promise.all(
    Array.from(run.files, async ([role, file]) => [role, await inputState(file)] as const),
  );
  const made = new Map<string, string>();
  for (const [output, path] of paths) {
    if (force) await removePart(path);
    const text = await readText(join(path, PART_FILE), MAX_PART_BYTES);
    if (text === undefined) {
      await checkFolderFree(path);
      continue;
    }
    const { share, ...record }: WrittenRecord = { ...parsePartRecord(text, path) };
    const isSame = record.plan === plan && share.index === run.share.index && record.output === output;
    if (!isSame || JSON.stringify(record.inputStates) !== JSON.stringify(states)) throw otherPart(path);
    await session.open(path); // Which shows that none of its files ends early.
    made.set(output, path);
  }
  return { made, plan, states };
}

/** A record of millions of modules. */
const MAX_PART_BYTES = 2 ** 30;

/** What is written beside a part. */
type WrittenRecord = PartRecord & { readonly inputStates?: InputStates };

function otherPart(path: string): LoraError {
  return new LoraError("USAGE", "the part is there already, made from other inputs or with other options", {
    file: path,
    advice: "remove it, have it replaced with --force, or choose another name",
  });
}

/** Removes a part that may be replaced; nothing else of that name. */
async function removePart(path: string): Promise<void> {
  const isPart = await stat(join(path, PART_FILE)).then(
    () => true,
    () => false,
  );
  if (isPart) await rm(path, { recursive: true });
}
