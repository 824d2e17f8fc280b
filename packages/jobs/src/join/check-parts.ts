import { LoraError, type TensorFile } from "@lora/tensor";
import { type PartRecord, withoutFolders } from "../shard/part-record.ts";

/** A part as it was written. */
export interface Part {
  /** What to call it in messages. */
  readonly name: string;
  readonly record: PartRecord;
  /** Its tensors; undefined for a part of a report. */
  readonly file: TensorFile | undefined;
}

/**
 * Refuses parts that do not make a whole.
 *
 * @returns the parts in the order of their shares
 * @throws LoraError USAGE when there is none, when parts are of different jobs, outputs, inputs, options or splits, or a share
 *   is there twice; MISSING when one is not there
 */
export function checkedParts(parts: readonly Part[]): readonly [Part, ...Part[]] {
  const [first] = parts;
  if (first === undefined) {
    throw new LoraError("USAGE", "there are no parts to join", { advice: "give what the jobs have written" });
  }
  for (const part of parts) demandSamePlan(first, part);
  const { count } = first.record.share;
  const byIndex = new Map<number, Part>();
  for (const part of parts) {
    const { index } = part.record.share;
    const other = byIndex.get(index);
    if (other !== undefined) {
      throw new LoraError("USAGE", `share ${index} of ${count} is given twice`, {
        file: part.name,
        other: other.name,
        advice: "give each part once",
      });
    }
    byIndex.set(index, part);
  }
  const missing = Array.from({ length: count }, (_, i) => i + 1).filter((index) => !byIndex.has(index));
  if (missing.length > 0) {
    throw new LoraError("MISSING", `${missing.length} of ${count} parts are missing: ${listed(missing)}`, {
      missing,
      advice: `run the job with --shard ${missing[0]}/${count}, or give the part`,
    });
  }
  const [head, ...others] = [...byIndex].sort(([a], [b]) => a - b).map(([, part]) => part);
  return [head!, ...others];
}

function demandSamePlan(first: Part, part: Part): void {
  const [one, other] = [first.record, part.record];
  if (one.plan === other.plan && one.output === other.output) return;
  const place = { file: part.name, other: first.name };
  if (one.job !== other.job || one.output !== other.output) {
    throw new LoraError("USAGE", `this is a part of ${outputOf(other)}, the others are of ${outputOf(one)}`, {
      ...place,
      advice: "join the parts of each output by themselves",
    });
  }
  if (one.share.count !== other.share.count) {
    throw new LoraError(
      "USAGE",
      `this is one of ${other.share.count} parts, the others are of ${one.share.count}`,
      { ...place, advice: "make all parts with the same n of --shard i/n" },
    );
  }
  const options = differences({ ...one.options }, { ...other.options });
  if (options.length > 0) {
    throw new LoraError("USAGE", `the parts were made with different options: ${options.join("; ")}`, {
      ...place,
      advice: "make all parts with the same flags",
    });
  }
  throw new LoraError("USAGE", `this part was made of other inputs: ${foreignInput(one, other)}`, {
    ...place,
    advice: "make all parts of the same files, whole and unchanged",
  });
}

function outputOf({ job, output }: PartRecord): string {
  return output === "" ? job : `${job} (${output.replace(/^_/u, "")})`;
}

function differences(
  one: Readonly<Record<string, unknown>>,
  other: Readonly<Record<string, unknown>>,
): string[] {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  const text = (value: unknown): string => JSON.stringify(value) ?? "none";
  return names
    .filter((name) => text(one[name]) !== text(other[name]))
    .map((name) => `${name} ${text(other[name])}, not ${text(one[name])}`);
}

/** The first input whose header differs. */
function foreignInput(one: PartRecord, other: PartRecord): string {
  const headers = new Map(comparable(one.inputs));
  const found = comparable(other.inputs).find(([role, header]) => header !== headers.get(role));
  return found === undefined ? "one of them is not there" : `the header of its ${found[0]} differs`;
}

function comparable(inputs: PartRecord["inputs"]): (readonly [role: string, text: string])[] {
  return withoutFolders(inputs).map(([role, header]) => [role, JSON.stringify(header)]);
}

function listed(numbers: readonly number[]): string {
  const shown = numbers.slice(0, 12).join(", ");
  return numbers.length > 12 ? `${shown} and ${numbers.length - 12} more` : shown;
}
