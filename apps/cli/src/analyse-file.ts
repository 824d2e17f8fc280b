import { analyse, type Share } from "@lora/jobs";
import type { DeviceChoice } from "./flags/device-option.ts";
import { printShare } from "./print-share.ts";
import type { Session } from "./session.ts";
import { analyseView } from "./views/analyse-view.ts";

/** What `lora analyse` takes besides its file. */
export interface AnalyseFlags {
  readonly base?: string;
  readonly modules?: string;
  readonly dialect?: string;
  readonly device: DeviceChoice;
  readonly shard?: Share;
  readonly keepGoing?: boolean;
}

/**
 * Opens an adapter and its base, measures and prints.
 *
 * @throws LoraError as `analyse` does
 */
export async function analyseFile(path: string, flags: AnalyseFlags, session: Session): Promise<void> {
  const file = await session.open(path);
  const base = flags.base === undefined ? undefined : await session.open(flags.base);
  const options = { dialect: flags.dialect, seed: session.seed };
  const context = await session.contextFor(flags.device, base);
  if (flags.shard !== undefined) {
    const files = new Map([["adapter", file], ...(base === undefined ? [] : [["base", base] as const])]);
    const job = { job: "analyse", options } as const;
    return printShare({ job, files, share: flags.shard }, session, context);
  }
  const report = await analyse(file, { ...options, base, keepGoing: flags.keepGoing }, context);
  session.print(report, (terminal) => analyseView(report, terminal, flags));
}
