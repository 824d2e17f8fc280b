import { checkOutput, writeFile } from "@lora/io/node";
import { extract, type Share } from "@lora/jobs";
import type { Session } from "./session.ts";
import { writeParts } from "./write-parts.ts";
import { extractView } from "./views/extract-view.ts";

/** What `lora extract` may be told. */
export interface ExtractFlags {
  readonly base: string;
  readonly tuned: string;
  readonly out?: string;
  readonly rank?: number;
  readonly energy?: number;
  readonly error?: number;
  readonly maxRank?: number;
  readonly dtype?: "f16" | "bf16" | "f32";
  readonly keepRest?: boolean;
  readonly force?: boolean;
  readonly shard?: Share;
}

const WITH_CONFIG = { sidecars: new Map([["adapter_config.json", ""]]) };

/**
 * Opens both models, writes the adapter and prints the report.
 *
 * @throws LoraError as `extract` and `writeFile` do
 */
export async function extractFiles(
  flags: ExtractFlags & { readonly out: string },
  session: Session,
): Promise<void> {
  const { base, tuned, out, force, shard, ...options } = flags;
  const place = { force: force === true, inputs: [base, tuned] };
  if (shard === undefined) await checkOutput(WITH_CONFIG, out, place);
  const models = { base: await session.open(base), tuned: await session.open(tuned) };
  if (shard !== undefined) {
    const job = { job: "extract", options: { ...options, seed: session.seed } } as const;
    const run = { job, files: new Map(Object.entries(models)), share: shard };
    return writeParts(run, { targets: new Map([["", out]]), force }, { session });
  }
  const output = await extract(models, { ...options, seed: session.seed }, session.context);
  const report = output.report(await writeFile(output.file, out, { ...place, ...session.context }));
  session.print(report, (terminal) => extractView(report, terminal));
}
