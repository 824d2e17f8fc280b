import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { READ_DIALECTS } from "../actions/_dialects.ts";
import { failureOf } from "../app/failure-of.ts";
import { useApp } from "../app/use-app.ts";
import { FailureNote } from "../shell/failure-note.tsx";
import type { Failure } from "../store/app-state.ts";

interface ReadAsProps {
  readonly file: string;
  /** What is chosen now. */
  readonly dialect: string | undefined;
}

/** In which dialect a file is read, where the page guessed wrong or several fit. */
export function ReadAs({ file, dialect }: ReadAsProps): JSX.Element {
  const app = useApp();
  const [failure, setFailure] = useState<Failure>();
  const choose = async (select: HTMLSelectElement): Promise<void> => {
    setFailure(undefined);
    await app.readAs(file, select.value || undefined).catch((error: unknown) => {
      setFailure(failureOf(error));
      select.value = dialect ?? "";
    });
  };
  return (
    <div class="fact-tool">
      <label class="small read-as">
        Read as
        <select value={dialect ?? ""} onChange={({ currentTarget }) => void choose(currentTarget)}>
          <option value="">what it is detected as</option>
          {READ_DIALECTS.map(([id, readers]) => (
            <option key={id} value={id}>
              {id}: {readers}
            </option>
          ))}
        </select>
      </label>
      {failure !== undefined && <FailureNote failure={failure} />}
    </div>
  );
}
