import type { GlobalOptions } from "./global-options.ts";
import type { Io, TextStream } from "./io.ts";
import { speaksUnicode } from "./terminal/speaks-unicode.ts";
import { styleFor, wantsColours } from "./terminal/style.ts";
import type { Terminal } from "./terminal/terminal.ts";

/** The two streams with what may be shown on them. */
export interface Console {
  readonly io: Io;
  readonly options: GlobalOptions;
  /** Of stdout: reports. */
  readonly terminal: Terminal;
  /** Of stderr: errors, progress, notes. */
  readonly errorTerminal: Terminal;
}

/** What may be shown on the streams of this run. */
export function consoleOf(io: Io, options: GlobalOptions): Console {
  return {
    io,
    options,
    terminal: terminalOf(io, io.stdout, options),
    errorTerminal: terminalOf(io, io.stderr, options),
  };
}

function terminalOf({ env }: Io, stream: TextStream, options: GlobalOptions): Terminal {
  const isTTY = stream.isTTY === true;
  // Names must come whole through a pipe; COLUMNS says otherwise.
  const columns = isTTY ? (stream.columns ?? 80) : Number(env["COLUMNS"] ?? Infinity);
  return {
    columns: columns > 0 ? columns : Infinity,
    unicode: !options.ascii && speaksUnicode(env),
    style: styleFor(wantsColours({ isTTY, env, refused: !options.color })),
  };
}
