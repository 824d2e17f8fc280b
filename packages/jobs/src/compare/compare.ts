import { type Adapter, type AdapterModule, readAdapter } from "@lora/peft";
import { locate, LoraError, type TensorFile } from "@lora/tensor";
import { norm } from "../arithmetic.ts";
import { matchTargets, type Target } from "../combine/match-targets.ts";
import { eachModule } from "../each-module.ts";
import type { RunContext } from "../pool/run-context.ts";
import { moduleBytes, sendModule } from "../posted.ts";
import { fileSummary, rankSummary } from "../summaries.ts";
import type { ComparedFile, CompareReport } from "./compare-report.ts";
import { compareUpdates } from "./compare-updates.ts";
import { comparedPair, type FoundTarget } from "./compared-pair.ts";
import { compareWarnings } from "./compare-warnings.ts";
import { fingerprint, probedPath } from "./fingerprint.ts";

/** What `compare` may be told. */
export interface CompareOptions {
  /** Id of the dialect to read all files in, instead of what they are detected as. */
  readonly dialect?: string | undefined;
}

/**
 * Says how alike adapters are, by their updates and not by how those are stored: cosines, distances, directions that they share,
 * and a fingerprint of each. Modules are paired by the weight they change, whatever the dialect; layers that one file fuses and
 * another splits are not. One module of each file is in memory at a time, with a pool two for each worker.
 *
 * Costs O((m + n)·R²) a weight, R = Σrᵢ. Everything but which is `a` and which `b` is symmetric.
 *
 * @throws LoraError USAGE for fewer than two files; SHAPE when two change weights of one name and different shape; as
 * `readAdapter` does
 */
export async function compare(
  files: readonly TensorFile[],
  options: CompareOptions = {},
  context: RunContext = {},
): Promise<CompareReport> {
  if (files.length < 2) {
    throw new LoraError("USAGE", `comparing takes two adapters or more, not ${files.length}`, {
      advice: "name another adapter",
    });
  }
  const read = { dialect: options.dialect, signal: context.signal };
  const adapters = await Promise.all(files.map((file) => readAdapter(file, read)));
  const withAngles = files.length === 2;
  const found = await foundTargets(adapters, withAngles, context);
  const pairs = adapters.flatMap((_, a) =>
    Array.from({ length: files.length - a - 1 }, (__, offset) =>
      comparedPair(found, { a, b: a + 1 + offset, withAngles }),
    ),
  );
  return {
    job: "compare",
    files: adapters.map((adapter, index) => comparedFile(adapter, found, index)),
    pairs,
    warnings: compareWarnings(adapters, pairs),
  };
}

/**
 * The fingerprint of an adapter's update.
 *
 * @throws LoraError as `readAdapter` and reading its values do
 */
export async function fingerprintOf(adapter: Adapter, context: RunContext = {}): Promise<string> {
  return comparedFile(adapter, await foundTargets([adapter], false, context), 0).fingerprint;
}

async function foundTargets(
  adapters: readonly Adapter[],
  angles: boolean,
  context: RunContext,
): Promise<FoundTarget[]> {
  const { signal } = context;
  const counted = { phase: "comparing", bytes: targetBytes, context };
  return eachModule(matchTargets(adapters), counted, async (target, pool) => {
    const weight = await locate({ module: nameOf(target) }, () =>
      pool.run(compareUpdates, {
        bytes: targetBytes(target),
        signal,
        input: async () => ({
          members: await Promise.all(
            target.members.map(
              async (module, index) =>
                module && sendModule({ module, file: adapters[index]!.file.name }, { pool, signal }),
            ),
          ),
          path: probedPath(target.key),
          angles,
        }),
      }),
    );
    return { target, weight };
  });
}

function targetBytes({ members }: Target): number {
  return members.reduce((sum, module) => sum + (module ? moduleBytes(module) : 0), 0);
}

function nameOf({ members }: Target): string {
  return members.find((member): member is AdapterModule => member !== undefined)!.name;
}

function comparedFile(adapter: Adapter, found: readonly FoundTarget[], index: number): ComparedFile {
  const sums = new Float64Array(64);
  for (const { weight } of found) weight.probes[index]?.forEach((value, bit) => (sums[bit]! += value));
  const frobenius = norm(found.map(({ weight }) => weight.norms[index]!));
  return {
    ...fileSummary(adapter.file),
    dialect: adapter.detection.dialect,
    baseArchitecture: adapter.baseArchitecture,
    rank: rankSummary(adapter.modules.map(({ rank }) => rank)),
    frobenius,
    fingerprint: fingerprint(sums, frobenius),
  };
}
