import type { Engine } from "@lora/linalg";
import { type Delta, interference, loadDelta, type PairInterference } from "@lora/peft";
import { locate } from "@lora/tensor";
import { normOfDifference } from "../difference.ts";
import type { PoolTask } from "../pool/worker-pool.ts";
import { type PostedModule, receivedModule } from "../posted.ts";
import { probed } from "./fingerprint.ts";
import { rowsOfDelta } from "./rows-of-delta.ts";

/** A module, or rows of one. */
export interface PostedPiece {
  readonly module: PostedModule;
  /** Undefined: all of them. */
  readonly rows: Int32Array | undefined;
}

/** The updates of one weight. */
export interface UpdatesToCompare {
  /** One for each file; undefined where it does not change the weight. */
  readonly members: readonly (PostedPiece | undefined)[];
  /** That probes depend on. */
  readonly path: string;
  /** All principal angles. */
  readonly angles: boolean;
}

/** How two updates of one weight stand to each other; indices are those of the files. */
export interface ComparedUpdates extends PairInterference {
  /** ⟨ΔWᵢ, ΔWⱼ⟩ */
  readonly inner: number;
  /** ‖ΔWᵢ − ΔWⱼ‖_F */
  readonly distance: number;
}

/** What is known of a weight that was compared. */
export interface ComparedWeight {
  /** ‖ΔW‖_F of each file; 0 where it does not change the weight. */
  readonly norms: readonly number[];
  /** The most that the rank of each file's update can be; 0 where it does not change the weight. */
  readonly ranks: readonly number[];
  /** Of each file; undefined where it does not change the weight. */
  readonly probes: readonly (Float64Array | undefined)[];
  /** i < j, of those that change it. */
  readonly pairs: readonly ComparedUpdates[];
}

/** Below it, subtracting inner products would leave fewer than ten digits of a distance. */
const CLOSE = 1e-3;

/** Compares updates of one weight through their factors, O((m + n)·R²). */
export const compareUpdates: PoolTask<UpdatesToCompare, ComparedWeight> = {
  name: "compare updates",
  async run({ members, path, angles }, engine) {
    const deltas = await Promise.all(members.map(async (member) => member && load(member, engine)));
    const owners = [...deltas.keys()].filter((index) => deltas[index] !== undefined);
    const present = owners.map((index) => deltas[index]!);
    const { gram, pairs } = interference(
      present,
      present.map(() => 1),
      { engine, angles },
    );
    const at = (i: number, j: number): number => gram.data[i * gram.rows + j]!;
    const norms = deltas.map(() => 0);
    owners.forEach((owner, i) => (norms[owner] = Math.sqrt(at(i, i))));
    return {
      norms,
      ranks: deltas.map((delta) => delta?.maxRank ?? 0),
      probes: deltas.map((delta) => delta && probed(delta, path)),
      pairs: pairs.map((pair) => {
        const { i, j } = pair;
        const square = at(i, i) + at(j, j) - 2 * at(i, j);
        const isFar = square > CLOSE ** 2 * (at(i, i) + at(j, j));
        const distance = isFar ? Math.sqrt(square) : normOfDifference(present[i]!, present[j]!, engine);
        return { ...pair, i: owners[i]!, j: owners[j]!, inner: at(i, j), distance };
      }),
    };
  },
};

async function load({ module, rows }: PostedPiece, engine: Engine): Promise<Delta> {
  const delta = await locate({ file: module.file }, () => loadDelta(receivedModule(module), { engine }));
  return rows === undefined ? delta : rowsOfDelta(delta, rows, engine);
}
