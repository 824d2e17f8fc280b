import * as jobs from "@lora/jobs";
import { LoraError } from "@lora/tensor";
import type { Pictures, Values } from "../../actions/_action.ts";
import { actions } from "../../actions/_index.ts";
import type { MadeFile } from "../../store/app-state.ts";
import type { Call } from "../call.ts";
import { fileOf } from "../desk.ts";
import { writeOutput } from "../output/write-output.ts";

/** An action with everything it takes. */
export interface ActRequest {
  readonly action: string;
  readonly files: readonly { readonly id: string; readonly weight: number }[];
  readonly base: string | undefined;
  readonly values: Values;
  readonly pictures: Pictures;
  /** Where the first output goes; left out, the browser keeps it until it is saved. */
  readonly target: FileSystemFileHandle | undefined;
}

/** What an action made. */
export interface Acted {
  readonly report: object | undefined;
  readonly made: readonly MadeFile[];
}

/** Runs an action and writes what it makes. */
export const act: Call<ActRequest, Acted> = (request, desk, context) => {
  const action = actions.find(({ id }) => id === request.action);
  if (action === undefined) {
    throw new LoraError("USAGE", `there is no action ${request.action}`, {
      actions: actions.map(({ id }) => id),
    });
  }
  const files = request.files.map(({ id, weight }) => ({
    file: fileOf(desk, id),
    weight,
    dialect: desk.dialects.get(id),
  }));
  const base = request.base === undefined ? undefined : fileOf(desk, request.base);
  const { values, pictures } = request;
  const read = { files: files.map(({ file }) => file), base };
  return desk.run(context, read, async (run) => {
    const { report, outputs } = await action.run(jobs, { files, base, values, pictures, context: run });
    const made: MadeFile[] = [];
    for (const output of outputs) {
      const target = made.length === 0 ? request.target : undefined;
      made.push(...(await writeOutput(output, { first: files[0]!.file, target, context: run })));
    }
    return { report, made };
  });
};
