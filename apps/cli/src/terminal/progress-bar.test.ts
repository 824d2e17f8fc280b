import { expect, test } from "vitest";
import { progressBar, progressLine } from "./progress-bar.ts";

const plain = { columns: 80, unicode: true, style: (_: string, text: string): string => text };

function recorded(): {
  readonly written: string[];
  readonly bar: ReturnType<typeof progressBar>;
  at(ms: number): void;
} {
  const written: string[] = [];
  let time = 0;
  const bar = progressBar({ write: (text) => written.push(text), terminal: plain, now: () => time });
  return { written, bar, at: (ms) => void (time = ms) };
}

test("a line says phase, share, amount, rate and what is left", () => {
  const progress = { phase: "writing", done: 12_300_000, total: 27_400_000, unit: "bytes" } as const;
  expect(progressLine(progress, 21_000, plain)).toBe(
    "writing  ██████████▊                44%  12.3 MB/27.4 MB  21.0 MB/s  0.7 s left",
  );
});

test("modules are counted, and without a rate nothing is foretold", () => {
  const progress = { phase: "analysing", done: 146, total: 280, unit: "modules" } as const;
  expect(progressLine(progress, 0, plain)).toBe(
    "analysing  ███████████████▋                 52%  146/280 modules",
  );
});

test("nothing to do is done", () => {
  const progress = { phase: "writing", done: 0, total: 0, unit: "bytes" } as const;
  expect(progressLine(progress, 0, { ...plain, unicode: false })).toBe(
    "writing  ##############################  100%  0 B/0 B",
  );
});

test("a narrow line has no bar and is never wrapped", () => {
  const progress = { phase: "writing", done: 5, total: 10, unit: "modules" } as const;
  expect(progressLine(progress, 0, { ...plain, columns: 24 })).toBe("writing   50%  5/10 mod");
});

test("the line is redrawn at most every 80 ms, and at once for a new phase", () => {
  const { written, bar, at } = recorded();
  const step = (phase: string, done: number): void => bar.update({ phase, done, total: 10, unit: "modules" });
  step("reading", 0);
  at(50);
  step("reading", 1);
  at(90);
  step("reading", 2);
  step("writing", 0);
  expect(written.map((line) => /2K(\w+) .*?(\d+)\/10/.exec(line)?.slice(1))).toEqual([
    ["reading", "0"],
    ["reading", "2"],
    ["writing", "0"],
  ]);
});

test("the rate of a phase is its own", () => {
  const { written, bar, at } = recorded();
  bar.update({ phase: "writing", done: 0, total: 100, unit: "modules" });
  at(1000);
  bar.update({ phase: "writing", done: 20, total: 100, unit: "modules" });
  expect(written.at(-1)).toMatch(/20\/100 modules {2}20\.0\/s {2}4\.0 s left$/);
});

test("clearing takes the line away once", () => {
  const { written, bar } = recorded();
  bar.clear();
  bar.update({ phase: "writing", done: 0, total: 1, unit: "modules" });
  bar.clear();
  bar.clear();
  expect(written.slice(1)).toEqual(["\r\u001b[2K"]);
});
