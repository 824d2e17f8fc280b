import type { TagCount } from "@lora/jobs";
import type { JSX } from "preact";
import { countText } from "../../format/number-text.ts";

const MOST = 200;

/** The tags that it was trained with, the most frequent first. */
export function TagList({ tags }: { readonly tags: readonly TagCount[] }): JSX.Element {
  return (
    <details>
      <summary>
        {tags.length > MOST ? `The ${MOST} most frequent of ` : ""}
        {countText(tags.length, "tag")} of the captions
      </summary>
      <ul class="tags small">
        {tags.slice(0, MOST).map(({ tag, count }) => (
          <li key={tag}>
            {tag} <span class="quiet">{count.toLocaleString("en")}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
