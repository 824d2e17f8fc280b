import type { Command as Program } from "commander";
import type { Work } from "../session.ts";

/** Runs the work of the command that was called, in a session of its own. */
export type Run = (work: Work) => Promise<void>;

/** A verb of the CLI: puts itself with arguments, flags, help and action on the program. */
export interface Command {
  readonly name: string;
  register(program: Program, run: Run): void;
}
