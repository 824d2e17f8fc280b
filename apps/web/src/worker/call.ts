import type { JobContext } from "@lora/tensor";
import type { Desk } from "./desk.ts";

/** Something the page asks of the worker: plain data in, plain data out. One file of `calls/` each. */
export type Call<I, O> = (input: I, desk: Desk, context: JobContext) => Promise<O>;
