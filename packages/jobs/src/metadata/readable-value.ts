import { members, parsedJson } from "./parsed.ts";
import { tagCounts } from "./tag-counts.ts";
import { THUMBNAIL, thumbnailOf } from "./thumbnail.ts";

const TAGS = 20;

type Reader = (value: string) => string | undefined;

/** Keys whose values are not for people as they are; what a reader cannot read stays as it is. */
const READERS: Readonly<Record<string, Reader>> = {
  [THUMBNAIL]: thumbnailText,
  ss_training_started_at: timeText,
  ss_training_finished_at: timeText,
  ss_network_args: pairsText,
  ss_dataset_dirs: foldersText,
  ss_reg_dataset_dirs: foldersText,
  ss_tag_frequency: tagsText,
  "lora.provenance": provenanceText,
};

/** The value of a key as a text for people. */
export function readableValue(key: string, value: string): string {
  const reader = Object.hasOwn(READERS, key) ? READERS[key] : undefined;
  return reader?.(value) ?? value;
}

/** The picture itself is never shown. */
function thumbnailText(url: string): string {
  try {
    const { type, width, height, bytes } = thumbnailOf(url);
    const pixels = width === null ? "" : `, ${width} × ${height} pixels`;
    return `${type}${pixels}, ${bytes.length} bytes`;
  } catch {
    return `${url.length} characters that are no picture`;
  }
}

/** Seconds since 1970 as `2024-05-01 12:30:00 UTC`. */
function timeText(value: string): string | undefined {
  const seconds = Number(value);
  if (!(seconds > 0 && seconds < 1e11)) return undefined;
  return `${new Date(Math.floor(seconds) * 1000).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

function pairsText(value: string): string | undefined {
  const pairs = members(parsedJson(value));
  if (pairs.length === 0) return undefined;
  return pairs
    .map(([name, one]) => `${name}=${typeof one === "string" ? one : JSON.stringify(one)}`)
    .join(", ");
}

function foldersText(value: string): string | undefined {
  const folders = members(parsedJson(value));
  if (folders.length === 0) return undefined;
  return folders
    .map(([folder, facts]) => {
      const { n_repeats: repeats, img_count: images } = Object.fromEntries(members(facts));
      const counts = typeof images === "number" ? ` (${images} images × ${String(repeats)})` : "";
      return `${folder}${counts}`;
    })
    .join(", ");
}

function tagsText(value: string): string | undefined {
  const tags = tagCounts(value);
  if (tags.length === 0) return undefined;
  const more = tags.length > TAGS ? `, and ${tags.length - TAGS} more` : "";
  return `${tags
    .slice(0, TAGS)
    .map(({ tag, count }) => `${tag} ${count}`)
    .join(", ")}${more}`;
}

/** One line: the job and the names of what went in. */
function provenanceText(value: string): string | undefined {
  const { tool, job, inputs, models } = Object.fromEntries(members(parsedJson(value)));
  if (typeof tool !== "string" || typeof job !== "string") return undefined;
  const names = [inputs, models]
    .flatMap((list): unknown[] => (Array.isArray(list) ? list : []))
    .map((one) => String(Object.fromEntries(members(one))["name"]));
  return `${tool}, ${job} of ${names.join(", ")}`;
}
