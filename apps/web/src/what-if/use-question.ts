import { useMemo } from "preact/hooks";
import { useAppState } from "../app/use-app.ts";
import type { PreviewQuestion } from "../worker/calls/preview.ts";
import { flagsOf, type Settings } from "./settings.ts";

/**
 * What to ask about the adapter that is shown; the same object until something of it is another.
 *
 * @param ready whether it may be asked: before a file is measured, both would wait for the same workers
 */
export function useQuestion(settings: Settings, ready: boolean): PreviewQuestion | undefined {
  const file = useAppState(({ shown }) => shown);
  const base = useAppState((state) => state.base);
  return useMemo(
    () =>
      ready && file !== undefined
        ? { file, base, flags: flagsOf(settings), dtype: settings.dtype || undefined }
        : undefined,
    [ready, file, base, settings],
  );
}
