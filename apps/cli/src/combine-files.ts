import { safetensorsFileBytes } from "@lora/io";
import { checkOutput, writeFile } from "@lora/io/node";
import { combine, type CombineInput, type CombineOutput, type CombineReport } from "@lora/jobs";
import type { CombineFlags } from "./commands/_combine-flags.ts";
import { type WeightedPath, weightedPath } from "./flags/weighted-path.ts";
import { isFolder } from "./is-folder.ts";
import { outputPath } from "./output-path.ts";
import { pullAll } from "./pull-all.ts";
import type { Session } from "./session.ts";
import { combineView } from "./views/combine-view.ts";

/**
 * Opens adapters, combines them, writes the result and prints its report; a dry run makes the same values and keeps none.
 *
 * @throws LoraError as `combine` and `writeFile` do
 */
export async function combineFiles(
  texts: readonly string[],
  flags: CombineFlags,
  session: Session,
): Promise<void> {
  const paths = await Promise.all(texts.map(weightedPath));
  const inputs: CombineInput[] = [];
  for (const { path, weight } of paths) {
    inputs.push({ file: await session.open(path), weight, dialect: flags.dialect });
  }
  const { method, rank, error, density, epsilon, outliers, sign, compat, svdClamp, dtype } = flags;
  const recipe = {
    method,
    rank,
    error,
    density,
    epsilon,
    outliers,
    sign,
    compat,
    svdClamp,
    seed: session.seed,
  };
  const output = await combine(inputs, { ...recipe, dtype }, session.context);
  const report = await written(output, { paths, flags, session });
  session.print(report, (terminal) => combineView(report, terminal, flags));
}

interface Writing {
  readonly paths: readonly WeightedPath[];
  readonly flags: CombineFlags;
  readonly session: Session;
}

async function written(
  { file, report }: CombineOutput,
  { paths, flags, session }: Writing,
): Promise<CombineReport> {
  const target =
    flags.out === undefined
      ? undefined
      : outputPath({
          out: flags.out,
          isFolder: await isFolder(flags.out),
          input: paths[0]!.path,
          suffix: "",
          hasSidecars: file.sidecars.has("adapter_config.json"),
        });
  if (target === undefined || flags.dryRun === true) {
    await pullAll(file, session.context);
    return report({
      path: target ?? "(no name given)",
      bytes: safetensorsFileBytes(file.tensors, file.metadata),
    });
  }
  const place = { force: flags.force === true, inputs: paths.map(({ path }) => path) };
  await checkOutput(file, target, place);
  return report(await writeFile(file, target, { ...place, ...session.context }));
}
