import { LoraError } from "@lora/tensor";
import type { FileHeader } from "./file-header.ts";
import type { FindingsText } from "./findings.ts";
import type { Share } from "./share.ts";
import type { SplitJob } from "./split-job.ts";

/** Raised when parts are made otherwise, so that those of other versions are not joined. */
const PART_VERSION = 1;

/** What is written beside a part: which share of which plan it is, and all that joining needs of the inputs. Plain data. */
export type PartRecord = SplitJob & {
  readonly version: typeof PART_VERSION;
  readonly share: Share;
  /** Of the job's outputs, the one this is a part of. */
  readonly output: string;
  /** SHA-256 of job, options, number of shares and headers of the inputs: the same for all parts that belong together. */
  readonly plan: string;
  readonly inputs: readonly (readonly [role: string, header: FileHeader])[];
  readonly findings: FindingsText;
};

/** The parts of a record that every run of a job agrees on. */
export type Planned = SplitJob & Pick<PartRecord, "inputs">;

/** The record of a part, its plan worked out. */
export function partRecord(
  planned: Planned,
  own: Pick<PartRecord, "share" | "output" | "plan" | "findings">,
): PartRecord {
  return { version: PART_VERSION, ...own, ...planned };
}

/**
 * What all runs of a job agree on before any work, as a hash. Folders do not count: machines may mount the same files at
 * different places.
 */
export async function planHash({ job, options, inputs }: Planned, count: number): Promise<string> {
  const headers = withoutFolders(inputs);
  const text = JSON.stringify({ version: PART_VERSION, job, options, count, headers });
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Inputs by their own names only. */
export function withoutFolders(inputs: PartRecord["inputs"]): PartRecord["inputs"] {
  return inputs.map(([role, header]) => [role, { ...header, name: lastPart(header.name) }]);
}

function lastPart(name: string): string {
  return name.split(/[/\\]/u).at(-1)!;
}

/**
 * Reads the record of a part.
 *
 * @param name of the part, for messages
 * @throws LoraError FORMAT when it is none; UNSUPPORTED when another version of the toolkit wrote it
 */
export function parsePartRecord(text: string, name: string): PartRecord {
  const record = parsed(text);
  if (typeof record?.plan !== "string" || typeof record.share !== "object" || !Array.isArray(record.inputs)) {
    throw new LoraError("FORMAT", "this is no record of a part", {
      file: name,
      advice: "give what a job with --shard i/n has written",
    });
  }
  if (record.version === PART_VERSION) return record as PartRecord;
  throw new LoraError(
    "UNSUPPORTED",
    `the part is of version ${record.version}, and version ${PART_VERSION} is joined here`,
    { file: name, advice: "make and join parts with one version of the toolkit" },
  );
}

function parsed(text: string): Partial<PartRecord> | null | undefined {
  try {
    return JSON.parse(text) as Partial<PartRecord> | null;
  } catch {
    return undefined;
  }
}
