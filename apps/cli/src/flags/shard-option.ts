import { Option } from "commander";
import type { Share } from "@lora/jobs";
import { LoraError } from "@lora/tensor";

/** The option of the jobs that several processes can share. */
export function shardOption(): Option {
  return new Option("--shard <i/n>", "do the i-th of n parts of the job, to be put together by lora join")
    .argParser(share)
    .conflicts("dryRun");
}

/**
 * Reads `2/4`.
 *
 * @throws LoraError USAGE unless both are whole numbers and 1 ≤ i ≤ n
 */
function share(text: string): Share {
  const [, index, count] = /^(\d{1,6})\/(\d{1,6})$/u.exec(text)?.map(Number) ?? [];
  if (index !== undefined && count !== undefined && 1 <= index && index <= count) return { index, count };
  throw new LoraError("USAGE", `--shard takes i/n with i from 1 to n, not "${text}"`, {
    advice: "count from 1, e.g. --shard 1/4, 2/4, 3/4 and 4/4 for four processes",
  });
}
