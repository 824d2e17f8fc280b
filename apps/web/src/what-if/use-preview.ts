import type { Preview } from "@lora/jobs";
import type { Progress } from "@lora/tensor";
import { useEffect, useState } from "preact/hooks";
import { failureOf } from "../app/failure-of.ts";
import { useApp } from "../app/use-app.ts";
import type { Failure } from "../store/app-state.ts";
import type { PreviewQuestion } from "../worker/calls/preview.ts";

/** The last answer, and what is under way. */
export interface PreviewState {
  readonly preview?: Preview | undefined;
  readonly failure?: Failure | undefined;
  /** While the file is decomposed for the first time. */
  readonly progress?: Progress | undefined;
}

/** Answers to a question that changes: one is under way at a time, and the next one asks what is then the question. */
export function usePreview(question: PreviewQuestion | undefined): PreviewState {
  const app = useApp();
  const [state, setState] = useState<PreviewState>({});
  const [line] = useState(() => waitingLine());
  useEffect(() => {
    if (question === undefined) return;
    line(async () => {
      try {
        const onProgress = (progress: Progress): void => setState((last) => ({ ...last, progress }));
        setState({ preview: await app.preview(question, { onProgress }) });
      } catch (error) {
        setState({ failure: failureOf(error) });
      }
    });
  }, [app, line, question]);
  return state;
}

/** Runs one piece of work at a time; of what comes meanwhile, only the last. */
function waitingLine(): (work: () => Promise<void>) => void {
  let busy = false;
  let next: (() => Promise<void>) | undefined;
  const run = async (work: () => Promise<void>): Promise<void> => {
    busy = true;
    await work();
    busy = false;
    const following = next;
    next = undefined;
    if (following !== undefined) void run(following);
  };
  return (work) => {
    if (busy) next = work;
    else void run(work);
  };
}
