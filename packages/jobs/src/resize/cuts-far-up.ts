import type { Adapter, AdapterModule } from "@lora/peft";
import type { WorkerPool } from "../pool/worker-pool.ts";
import { moduleBytes, sendModule } from "../posted.ts";
import { decompose, type Measured } from "./decompose.ts";
import type { Decision, EarlyWriter } from "./early-writer.ts";
import { ruleSpectrum } from "./rule-spectrum.ts";

/** Modules from which on some are tried first. */
const MANY = 64;

/** Where in the file those lie that are tried. */
const TRIED = [1 / 4, 1 / 2, 3 / 4];

/** An adapter, and what cuts it. */
export interface Cuts {
  /** All of it, whichever share of the job this run has: what is found is the same for all. */
  readonly adapter: Adapter;
  readonly early: EarlyWriter;
  readonly pool: WorkerPool;
  readonly signal: AbortSignal | undefined;
}

/**
 * Whether a rule is likely to cut most modules far enough up for values that are not exact, where asking twice costs a third of the
 * time: three modules are tried.
 */
export async function cutsFarUp({ adapter, early, pool, signal }: Cuts): Promise<boolean> {
  const { modules } = adapter;
  if (modules.length < MANY) return true;
  const isTold = async (module: AdapterModule): Promise<boolean> => {
    const { inRuns } = await pool.run(decompose, {
      bytes: moduleBytes(module),
      signal,
      input: async () => ({
        module: await sendModule({ module, file: adapter.file.name }, { pool, signal }),
        weight: undefined,
        needs: [],
        seed: 0,
        asks: true,
        inRuns: true,
      }),
      answer: ({ s }: Measured): Decision => ({
        kept: early.kept(ruleSpectrum(module, s, undefined)),
        write: undefined,
      }),
    });
    return inRuns;
  };
  const tried = TRIED.map((share) => modules[Math.floor(share * modules.length)]!);
  // What is wrong with a module is told when its turn comes.
  const told = await Promise.all(tried.map((module) => isTold(module).catch(() => false)));
  return told.filter(Boolean).length > TRIED.length / 2;
}
