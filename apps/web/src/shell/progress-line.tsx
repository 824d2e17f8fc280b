import "./progress-line.css";
import type { Progress } from "@lora/tensor";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { bytesText } from "../format/bytes-text.ts";
import { durationText } from "../format/duration-text.ts";

interface ProgressLineProps {
  readonly progress: Progress | undefined;
  readonly onCancel: () => void;
}

/** How far a job is, how long it will take, and the way out. */
export function ProgressLine({ progress, onCancel }: ProgressLineProps): JSX.Element {
  const left = useTimeLeft(progress);
  const amount = (value: number): string => (progress?.unit === "bytes" ? bytesText(value) : String(value));
  return (
    <div class="progress">
      <progress aria-label={progress?.phase ?? "starting"} max={progress?.total} value={progress?.done} />
      <span class="number small" role="status">
        {progress === undefined
          ? "starting"
          : `${progress.phase}, ${amount(progress.done)} of ${amount(progress.total)}${progress.unit === "modules" ? " modules" : ""}${left}`}
      </span>
      <button type="button" onClick={onCancel}>
        Cancel
      </button>
    </div>
  );
}

/** From the speed since this phase began; nothing in its first second, when that says little. */
function useTimeLeft(progress: Progress | undefined): string {
  const began = useRef({ phase: "", time: 0, done: 0 });
  const [text, setText] = useState("");
  useEffect(() => {
    if (progress === undefined) return;
    const now = performance.now();
    if (began.current.phase !== progress.phase) {
      began.current = { phase: progress.phase, time: now, done: progress.done };
    }
    const { time, done } = began.current;
    const elapsed = now - time;
    const worked = progress.done - done;
    const known = elapsed > 1000 && worked > 0 && progress.done < progress.total;
    setText(known ? `, ${durationText((elapsed / worked) * (progress.total - progress.done))} left` : "");
  }, [progress]);
  return text;
}
