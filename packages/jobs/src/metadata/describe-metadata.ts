import { KNOWN_KEYS } from "./known-keys.ts";
import { readableValue } from "./readable-value.ts";
import { type TagCount, tagCounts } from "./tag-counts.ts";
import { type TriggerWords, triggerWords } from "./trigger-words.ts";

/** A value of the metadata, to be read by people. */
export interface MetadataFact {
  readonly key: string;
  readonly label: string;
  /** Whole: whoever shows it cuts it. */
  readonly text: string;
}

/** Metadata in order. */
export interface DescribedMetadata {
  readonly groups: readonly { readonly title: string; readonly facts: readonly MetadataFact[] }[];
  /** Keys that are there and say nothing: `None`, or empty. */
  readonly unset: readonly string[];
  readonly triggers: readonly TriggerWords[];
  /** The most frequent first. */
  readonly tags: readonly TagCount[];
}

const OTHERS = "Other keys";

/** Sorts metadata into groups, in the order of `KNOWN_KEYS`, unknown keys last and by name. */
export function describeMetadata(metadata: Readonly<Record<string, string>>): DescribedMetadata {
  const isUnset = (key: string): boolean => ["", "None", "null", "{}", "[]"].includes(metadata[key]!.trim());
  const fact = (key: string, label: string): MetadataFact[] =>
    Object.hasOwn(metadata, key) && !isUnset(key)
      ? [{ key, label, text: readableValue(key, metadata[key]!) }]
      : [];
  const known = new Set(KNOWN_KEYS.flatMap(([, keys]) => keys.map(([key]) => key)));
  const others = Object.keys(metadata).filter((key) => !known.has(key));
  const groups = [
    ...KNOWN_KEYS.map(([title, keys]) => ({
      title,
      facts: keys.flatMap(([key, label]) => fact(key, label)),
    })),
    { title: OTHERS, facts: others.sort().flatMap((key) => fact(key, key)) },
  ];
  return {
    groups: groups.filter(({ facts }) => facts.length > 0),
    unset: Object.keys(metadata).filter(isUnset),
    triggers: triggerWords(metadata),
    tags: tagCounts(metadata["ss_tag_frequency"]),
  };
}
