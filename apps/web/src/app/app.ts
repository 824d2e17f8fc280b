import type { Traffic } from "@lora/io";
import type { Preview } from "@lora/jobs";
import type { JobContext } from "@lora/tensor";
import type { Store } from "../store/create-store.ts";
import type { AppState } from "../store/app-state.ts";
import type { Route } from "../store/route.ts";
import type { ActRequest } from "../worker/calls/act.ts";
import type { PreviewQuestion } from "../worker/calls/preview.ts";
import type { ZipRequest } from "../worker/calls/zip.ts";
import type { Checkpoint } from "../worker/open-checkpoint.ts";

/** What the page can do. Components read `store` and call these; nothing else changes the state. */
export interface App {
  readonly store: Store<AppState>;
  /** Starts what calculates, so that a file that is dropped finds it ready. */
  prepare(): void;
  /** Opens checkpoints; the first adapter among them is shown. */
  open(checkpoints: readonly NamedCheckpoint[]): void;
  close(file: string): void;
  /**
   * Reads a file in another dialect than it is detected as, or in that again; it is measured anew.
   *
   * @throws CallError where it cannot be read so: it stays as it was
   */
  readAs(file: string, dialect: string | undefined): Promise<void>;
  /** Shows an adapter, and measures it. */
  show(file: string): void;
  /** Puts a model beside the adapters, or takes it away. */
  setBase(file: string | undefined): void;
  select(module: string | undefined): void;
  go(route: Route): void;
  /** Puts settings into the address, without a step in the history. */
  adjust(route: Route): void;
  act(request: ActRequest): void;
  /** @throws CallError with what the rule lacks */
  preview(question: PreviewQuestion, context: JobContext): Promise<Preview>;
  /** What was read of a file behind an address so far. */
  traffic(file: string): Promise<Traffic | undefined>;
  /**
   * Equal for equal updates, whatever they are stored as; reads all of the file.
   *
   * @throws CallError as reading does
   */
  fingerprint(file: string): Promise<string>;
  /** Several files as one archive. */
  zip(request: ZipRequest): Promise<Blob>;
  /** Ends the action, or the measuring of the adapter that is shown. */
  cancel(what: "action" | "analysis"): void;
}

/** A checkpoint, and what to call it before it is open. */
export interface NamedCheckpoint {
  readonly name: string;
  readonly checkpoint: Checkpoint;
}
