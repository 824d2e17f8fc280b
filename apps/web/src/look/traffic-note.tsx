import type { Traffic } from "@lora/io";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useApp, useAppState } from "../app/use-app.ts";
import { bytesText } from "../format/bytes-text.ts";
import { countText } from "../format/number-text.ts";

interface TrafficNoteProps {
  readonly file: string;
  /** Of the whole file. */
  readonly bytes: number;
}

/** How little of a file behind an address was fetched. */
export function TrafficNote({ file, bytes }: TrafficNoteProps): JSX.Element | null {
  const app = useApp();
  // Whatever reads the file tells of its progress there.
  const files = useAppState((state) => state.files);
  const analyses = useAppState((state) => state.analyses);
  const run = useAppState((state) => state.run);
  const [traffic, setTraffic] = useState<Traffic | undefined>(undefined);
  useEffect(() => {
    void app.traffic(file).then(setTraffic);
  }, [app, file, files, analyses, run]);
  if (traffic === undefined) return null;
  return (
    <p class="quiet small" data-traffic>
      Read {bytesText(traffic.bytes)} of {bytesText(bytes)} in {countText(traffic.requests, "request")}.
    </p>
  );
}
