import { checkOutput, writeFile } from "@lora/io/node";
import { extract } from "@lora/jobs";
import type { Session } from "./session.ts";
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
  const { base, tuned, out, force, ...options } = flags;
  const place = { force: force === true, inputs: [base, tuned] };
  await checkOutput(WITH_CONFIG, out, place);
  const models = { base: await session.open(base), tuned: await session.open(tuned) };
  const output = await extract(models, { ...options, seed: session.seed }, session.context);
  const report = output.report(await writeFile(output.file, out, { ...place, ...session.context }));
  session.print(report, (terminal) => extractView(report, terminal));
}
