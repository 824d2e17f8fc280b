import { type Share, verify } from "@lora/jobs";
import { EXIT } from "./errors/exit-code.ts";
import { printShare } from "./print-share.ts";
import type { Session } from "./session.ts";
import { verifyView } from "./views/verify-view.ts";

/** What `lora verify` takes besides its files. */
export interface VerifyFlags {
  readonly tolerance?: number;
  readonly dialect?: string;
  readonly shard?: Share;
}

/**
 * Opens two adapters, compares them and prints what differs.
 *
 * @returns the exit code; 0 for a share, whose parts are judged when they are joined
 * @throws LoraError as `verify` does
 */
export async function verifyFiles(
  [pathA, pathB]: readonly [string, string],
  { shard, ...options }: VerifyFlags,
  session: Session,
): Promise<number> {
  const [a, b] = [await session.open(pathA), await session.open(pathB)];
  if (shard !== undefined) {
    const job = { job: "verify", options } as const;
    await printShare(
      { job, files: new Map(Object.entries({ a, b })), share: shard },
      session,
      session.context,
    );
    return EXIT.done;
  }
  const report = await verify(a, b, options, session.context);
  session.print(report, (terminal) => verifyView(report, terminal));
  return report.passed ? EXIT.done : EXIT.verification;
}
