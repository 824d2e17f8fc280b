import type { Store } from "../store/create-store.ts";
import type { AppState } from "../store/app-state.ts";
import type { Route } from "../store/route.ts";
import type { ActRequest } from "../worker/calls/act.ts";
import type { Checkpoint } from "../worker/open-checkpoint.ts";

/** What the page can do. Components read `store` and call these; nothing else changes the state. */
export interface App {
  readonly store: Store<AppState>;
  /** Opens checkpoints; the first adapter among them is shown. */
  open(checkpoints: readonly NamedCheckpoint[]): void;
  close(file: string): void;
  /** Shows an adapter, and measures it. */
  show(file: string): void;
  /** Puts a model beside the adapters, or takes it away. */
  setBase(file: string | undefined): void;
  select(module: string | undefined): void;
  go(route: Route): void;
  /** Puts settings into the address, without a step in the history. */
  adjust(route: Route): void;
  act(request: ActRequest): void;
  /** Ends the action, or the measuring of the adapter that is shown. */
  cancel(what: "action" | "analysis"): void;
}

/** A checkpoint, and what to call it before it is open. */
export interface NamedCheckpoint {
  readonly name: string;
  readonly checkpoint: Checkpoint;
}
