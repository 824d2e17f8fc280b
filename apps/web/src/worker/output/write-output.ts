import { allOrNothing, blobSource, type ByteSink, openSource, writeGguf, writeSafetensors } from "@lora/io";
import { ggufContent, type RunContext } from "@lora/jobs";
import type { TensorFile } from "@lora/tensor";
import type { ActionOutput } from "../../actions/_action.ts";
import type { MadeFile } from "../../store/app-state.ts";
import { handleTarget } from "./handle-target.ts";
import { outputName } from "./output-name.ts";
import { keptTarget } from "./kept-target.ts";

interface Place {
  /** The file that names the output. */
  readonly first: TensorFile;
  /** Where the user wants it, if that was said. */
  readonly target: FileSystemFileHandle | undefined;
  readonly context: RunContext;
}

/** Writes an output, and the small files that belong to it. Nothing is left of it where that fails. */
export async function writeOutput(
  output: ActionOutput,
  { first, target, context }: Place,
): Promise<MadeFile[]> {
  const name = target?.name ?? outputName(first, output);
  const kept = target === undefined ? await keptTarget(name) : await handleTarget(target);
  const bytes = await allOrNothing((keep) => writeTo(keep(kept.sink), output, context));
  const again = async (): Promise<TensorFile> => {
    const opened = await openSource(blobSource(await kept.again(), name), { signal: context.signal });
    return { ...opened, sidecars: output.file.sidecars };
  };
  const report = await output.report({ path: name, bytes, again });
  const sidecars = [...output.file.sidecars].map(([file, text]): MadeFile => {
    const blob = new Blob([text], { type: "application/json" });
    return { name: file, bytes: blob.size, blob, report: undefined };
  });
  return [{ name, bytes, blob: await kept.blob(), report }, ...sidecars];
}

function writeTo(sink: ByteSink, { file, container }: ActionOutput, context: RunContext): Promise<number> {
  if (container === "gguf") return writeGguf(sink, ggufContent(file), context);
  return writeSafetensors(file, sink, { ...context, lanes: context.pool?.size });
}
