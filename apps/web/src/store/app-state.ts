import type { AnalyseReport, ErrorReport, InspectReport } from "@lora/jobs";
import type { Progress } from "@lora/tensor";
import type { DeviceInfo } from "../worker/device-info.ts";
import type { Route } from "./route.ts";

/** What went wrong, as plain data. */
export type Failure = ErrorReport["error"];

/** A checkpoint that was dropped, and what is known of it. */
export interface FileEntry {
  readonly id: string;
  readonly name: string;
  readonly bytes: number;
  /** Whether it is behind an address. */
  readonly remote: boolean;
  /** An adapter can be looked at; anything else can be the base of one. */
  readonly state:
    | { readonly kind: "opening" }
    | {
        readonly kind: "adapter";
        readonly inspect: InspectReport;
        /** Until the header was read. */
        readonly milliseconds: number;
        /** In which it is read by choice. */
        readonly dialect?: string | undefined;
        /** Whether alphas and scales are known too, which stand among the factors. */
        readonly complete: boolean;
      }
    | {
        readonly kind: "model";
        readonly tensors: number;
        readonly milliseconds: number;
        readonly why: Failure;
      }
    | { readonly kind: "failed"; readonly failure: Failure };
}

/** The measuring of an adapter, alone or beside a base. */
export type Analysis =
  | { readonly kind: "running"; readonly progress: Progress | undefined }
  | { readonly kind: "done"; readonly report: AnalyseReport }
  | { readonly kind: "failed"; readonly failure: Failure };

/** A file that an action made. */
export interface MadeFile {
  readonly name: string;
  readonly bytes: number;
  /** Where it waits to be saved; undefined where it went straight to a file the user chose. */
  readonly blob: Blob | undefined;
  /** Of a checkpoint, not of the small files beside it. */
  readonly report: object | undefined;
}

/** The action that runs, or the last one. */
export type Run =
  | {
      readonly kind: "running";
      readonly action: string;
      readonly progress: Progress | undefined;
      readonly since: number;
    }
  | {
      readonly kind: "done";
      readonly action: string;
      readonly report: object | undefined;
      readonly made: readonly MadeFile[];
    }
  | { readonly kind: "failed"; readonly action: string; readonly failure: Failure };

/** Everything the page shows. */
export interface AppState {
  readonly route: Route;
  readonly device: DeviceInfo | undefined;
  readonly files: readonly FileEntry[];
  /** Id of the adapter that is looked at. */
  readonly shown: string | undefined;
  /** Id of the model it stands beside. */
  readonly base: string | undefined;
  /** By `analysisKey`. */
  readonly analyses: Readonly<Record<string, Analysis>>;
  readonly selected: string | undefined;
  readonly run: Run | undefined;
}

/** Under which an analysis is kept. */
export function analysisKey(file: string, base: string | undefined): string {
  return `${file} ${base ?? ""}`;
}

/** The page at its first moment. */
export function initialState(route: Route): AppState {
  return {
    route,
    device: undefined,
    files: [],
    shown: undefined,
    base: undefined,
    analyses: {},
    selected: undefined,
    run: undefined,
  };
}
