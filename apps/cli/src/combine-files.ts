import { safetensorsFileBytes } from "@lora/io";
import { checkOutput, writeFile } from "@lora/io/node";
import {
  combine,
  type CombineInput,
  type CombineJobOptions,
  type CombineOutput,
  type CombineReport,
  type Share,
} from "@lora/jobs";
import type { CombineFlags } from "./commands/_combine-flags.ts";
import { type WeightedPath, weightedPath } from "./flags/weighted-path.ts";
import { isFolder } from "./is-folder.ts";
import { outputPath } from "./output-path.ts";
import { pullAll } from "./pull-all.ts";
import type { Session } from "./session.ts";
import { writeParts } from "./write-parts.ts";
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
  if (flags.shard !== undefined)
    return combineShare(
      inputs,
      { ...recipe, dtype },
      { flags, session, path: paths[0]!.path, share: flags.shard },
    );
  const output = await combine(inputs, { ...recipe, dtype }, session.context);
  const report = await written(output, { paths, flags, session });
  session.print(report, (terminal) => combineView(report, terminal, flags));
}

interface Sharing {
  readonly flags: CombineFlags;
  readonly session: Session;
  /** Of the first adapter. */
  readonly path: string;
  readonly share: Share;
}

async function combineShare(
  inputs: readonly CombineInput[],
  options: CombineJobOptions,
  { flags: { out = "", force, dialect }, session, path, share }: Sharing,
): Promise<void> {
  const weights = inputs.map(({ weight }) => weight);
  const files = new Map(inputs.map(({ file }, i) => [`adapter ${i + 1}`, file]));
  const target = outputPath({
    out,
    isFolder: await isFolder(out),
    input: path,
    suffix: "",
    hasSidecars: false,
  });
  const job = { job: "combine", options: { ...options, dialect, weights } } as const;
  await writeParts({ job, files, share }, { targets: new Map([["", target]]), force }, { session });
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
