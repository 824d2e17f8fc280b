import { members, parsedJson } from "./parsed.ts";

/** A tag of the captions, and in how many of them it is. */
export interface TagCount {
  readonly tag: string;
  readonly count: number;
}

/** The tags of all folders of `ss_tag_frequency`, the most frequent first; none where it is no such JSON. */
export function tagCounts(text: string | undefined): TagCount[] {
  const counts = new Map<string, number>();
  for (const [, tags] of members(parsedJson(text ?? ""))) {
    for (const [tag, count] of members(tags)) {
      const name = tag.trim();
      if (typeof count === "number" && Number.isFinite(count))
        counts.set(name, (counts.get(name) ?? 0) + count);
    }
  }
  return [...counts].map(([tag, count]) => ({ tag, count })).sort((a, b) => b.count - a.count);
}
