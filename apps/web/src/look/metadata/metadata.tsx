import "./metadata.css";
import { describeMetadata } from "@lora/jobs";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { ReportProps } from "../../report-props.ts";
import { configFacts } from "./config-facts.ts";
import { FactList } from "./fact-list.tsx";
import { TagList } from "./tag-list.tsx";
import { Thumbnail } from "./thumbnail.tsx";

/** What the file says of itself. */
export function Metadata({ inspect, onAct }: ReportProps): JSX.Element {
  const { groups, unset, triggers, tags } = useMemo(() => describeMetadata(inspect.metadata), [inspect]);
  const config = useMemo(() => configFacts(inspect.config), [inspect]);
  // They have a list of their own.
  const listed = tags.length > 0 ? "ss_tag_frequency" : undefined;
  const picture = inspect.metadata["modelspec.thumbnail"];
  return (
    <div class="metadata">
      <div class="ways">
        <button type="button" onClick={() => onAct("metadata", {})}>
          Edit it, or set a picture
        </button>
        {picture !== undefined && (
          <button type="button" onClick={() => onAct("metadata", { strip: "thumbnail" })}>
            Remove the picture
          </button>
        )}
      </div>
      {picture !== undefined && <Thumbnail url={picture} />}
      {triggers.length > 0 && (
        <p>
          <strong>Trigger words.</strong>{" "}
          {triggers.map(({ words, from }) => (
            <code key={words} class="word" title={`from ${from}`}>
              {words}
            </code>
          ))}
        </p>
      )}
      {groups.map(({ title, facts }) => (
        <FactList key={title} title={title} facts={facts.filter(({ key }) => key !== listed)} />
      ))}
      {tags.length > 0 && <TagList tags={tags} />}
      {config.length > 0 && <FactList title="adapter_config.json" facts={config} />}
      {groups.length + config.length === 0 && <p class="quiet">The file says nothing of itself.</p>}
      {unset.length > 0 && <p class="quiet small">Empty: {unset.join(", ")}</p>}
    </div>
  );
}
