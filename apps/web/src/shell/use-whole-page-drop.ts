import { useEffect, useState } from "preact/hooks";
import type { DroppedFile } from "../open/dropped-file.ts";
import { droppedFiles } from "../open/dropped-files.ts";

/** Files may be dropped anywhere on the page, and pasted. @returns whether some are held over it now */
export function useWholePageDrop(onFiles: (files: readonly DroppedFile[]) => void): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const ending = new AbortController();
    const listen = <K extends keyof DocumentEventMap>(
      name: K,
      react: (event: DocumentEventMap[K]) => void,
    ): void => document.addEventListener(name, react, { signal: ending.signal });
    const take = (data: DataTransfer): void => void droppedFiles(data).then(onFiles);
    listen("dragover", (event) => {
      if (event.dataTransfer?.types.includes("Files") !== true) return;
      event.preventDefault();
      setOver(true);
    });
    listen("dragleave", (event) => {
      if (event.relatedTarget === null) setOver(false);
    });
    listen("drop", (event) => {
      setOver(false);
      if (event.dataTransfer === null || event.dataTransfer.files.length === 0) return;
      event.preventDefault();
      take(event.dataTransfer);
    });
    listen("paste", (event) => {
      if (event.clipboardData !== null && event.clipboardData.files.length > 0) take(event.clipboardData);
    });
    return () => ending.abort();
  }, [onFiles]);
  return over;
}
