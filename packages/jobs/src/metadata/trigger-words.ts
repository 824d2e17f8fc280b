import { members, parsedJson } from "./parsed.ts";

/** Words that are said to call the adapter up, and what says so. */
export interface TriggerWords {
  readonly words: string;
  /** The metadata key. */
  readonly from: string;
}

const STATED = ["modelspec.trigger_phrase", "activation text", "ss_instance_prompt", "instance_prompt"];
/** kohya's folders: repeats, an underscore, the words that every image of it was trained with. */
const FOLDER = /^\d+_(.+)$/u;

/** Trigger words as the metadata states them, then the names of the training folders; each once. */
export function triggerWords(metadata: Readonly<Record<string, string>>): TriggerWords[] {
  const stated = STATED.flatMap((from) => {
    const words = metadata[from]?.trim();
    return words === undefined || words === "" || words === "None" ? [] : [{ words, from }];
  });
  const folders = members(parsedJson(metadata["ss_dataset_dirs"] ?? "")).flatMap(([folder]) => {
    const words = FOLDER.exec(folder)?.[1]?.trim();
    return words === undefined ? [] : [{ words, from: "ss_dataset_dirs" }];
  });
  const all = [...stated, ...folders];
  return all.filter(({ words }, index) => all.findIndex((other) => other.words === words) === index);
}
