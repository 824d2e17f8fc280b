import { main } from "./main.ts";

/** What a run of the command line tool left behind. */
export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where a run takes place. */
export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** stderr is a terminal of 80 columns. */
  readonly watched?: boolean;
}

/** Runs the command line tool in this process, in a UTF-8 locale, with streams that remember. */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<Run> {
  const [out, err]: [string[], string[]] = [[], []];
  const { env = { LANG: "C.UTF-8" }, signal = new AbortController().signal, watched = false } = options;
  const code = await main(argv, {
    stdout: { write: (text) => out.push(text) },
    stderr: { write: (text) => err.push(text), isTTY: watched, columns: 80 },
    env,
    signal,
    now: () => performance.now(),
  });
  return { code, stdout: out.join(""), stderr: err.join("") };
}
