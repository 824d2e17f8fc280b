import type { HttpClient } from "./http-client.ts";
import type { Validators } from "./validators.ts";

/** A file behind a URL, as it was when it was opened. */
export interface RemoteFile {
  readonly client: HttpClient;
  /** What to call it: its address without what may be secret. */
  readonly name: string;
  /** The address that was given. */
  readonly url: string;
  /** Where the bytes are, as the last redirect said: most of them are asked for there. */
  place: string;
  readonly size: number;
  /** Its beginning, which came with the size. */
  readonly head: Uint8Array;
  /** Of the last answer: all must agree. */
  validators: Validators;
}
