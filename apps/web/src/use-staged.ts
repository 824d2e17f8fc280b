import { useEffect, useState } from "preact/hooks";

/** How many parts are drawn: one more after each task, so that no task is long, until it is all of them. */
export function useStaged(parts: number, of: object): number {
  const [stage, setStage] = useState({ of, count: 1 });
  const count = stage.of === of ? stage.count : 1;
  useEffect(() => {
    if (count >= parts) return undefined;
    const timer = setTimeout(() => setStage({ of, count: count + 1 }));
    return () => clearTimeout(timer);
  }, [count, parts, of]);
  return count;
}
