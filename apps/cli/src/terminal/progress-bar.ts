import type { Progress } from "@lora/tensor";
import { bar } from "./bars.ts";
import { bytesText, durationText, significant } from "./number-format.ts";
import { pad } from "./text-width.ts";
import type { Terminal } from "./terminal.ts";

/** Where a progress bar is drawn, and what it knows of time. */
export interface ProgressBarOptions {
  readonly write: (text: string) => void;
  readonly terminal: Terminal;
  /** Milliseconds on any clock that only goes forward. */
  readonly now: () => number;
}

/** One line that shows how far a job has come, drawn over itself. */
export interface ProgressBar {
  update(progress: Progress): void;
  /** Takes the line away. */
  clear(): void;
}

const REDRAW_MS = 80;
const CLEAR_LINE = "\r\u001b[2K";
/** A rate from less time than this is noise. */
const RATE_AFTER_MS = 500;

/** A progress bar on a terminal line; redrawn at most every 80 ms and at the end of a phase. */
export function progressBar({ write, terminal, now }: ProgressBarOptions): ProgressBar {
  let phase: { readonly name: string; readonly start: number; readonly from: number } | undefined;
  let drawnAt = -Infinity;
  return {
    update(progress) {
      const time = now();
      if (phase?.name !== progress.phase) phase = { name: progress.phase, start: time, from: progress.done };
      else if (time - drawnAt < REDRAW_MS) return;
      drawnAt = time;
      const elapsed = time - phase.start;
      const perMs = elapsed < RATE_AFTER_MS ? 0 : (progress.done - phase.from) / elapsed;
      write(CLEAR_LINE + progressLine(progress, perMs, terminal));
    },
    clear() {
      if (drawnAt === -Infinity) return;
      drawnAt = -Infinity;
      phase = undefined;
      write(CLEAR_LINE);
    },
  };
}

/** `writing  ████▌      45%  12.3 MB/27.4 MB  210 MB/s  1 s left`, cut to the width of the line. */
export function progressLine(progress: Progress, perMs: number, terminal: Terminal): string {
  const share = progress.total === 0 ? 1 : Math.min(1, progress.done / progress.total);
  const amount = (value: number): string =>
    progress.unit === "bytes" ? bytesText(value) : String(Math.round(value));
  const parts = [
    `${Math.floor(share * 100)}%`.padStart(4),
    `${amount(progress.done)}/${amount(progress.total)}${progress.unit === "bytes" ? "" : ` ${progress.unit}`}`,
  ];
  if (perMs > 0) {
    const rate = perMs * 1000;
    parts.push(progress.unit === "bytes" ? `${bytesText(rate)}/s` : `${significant(rate)}/s`);
    parts.push(`${durationText((progress.total - progress.done) / rate)} left`);
  }
  const tail = parts.join("  ");
  const width = Math.min(30, terminal.columns - progress.phase.length - tail.length - 5);
  if (width < 6) return `${progress.phase}  ${tail}`.slice(0, Math.max(0, terminal.columns - 1));
  const drawn = pad(bar(share, width, terminal.unicode), width, "left");
  return `${progress.phase}  ${terminal.style("accent", drawn)}  ${tail}`;
}
