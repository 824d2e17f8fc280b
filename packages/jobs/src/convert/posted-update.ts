import type { Engine } from "@lora/linalg";
import { type AdapterModule, type ConversionPlan, type Delta, needsBase, plainDelta } from "@lora/peft";
import { locate } from "@lora/tensor";
import { finiteBaseWeight } from "../finite-base-weight.ts";
import type { Sent } from "../pool/sent.ts";
import {
  moduleBytes,
  type PostedModule,
  type PostedWeight,
  receivedModule,
  receivedWeight,
  sendModule,
  sendWeight,
  type Sending,
  weightBytes,
} from "../posted.ts";

/** A module, and the weight without which its update is nothing. */
export interface PostedUpdate {
  readonly module: PostedModule;
  readonly weight: PostedWeight | undefined;
}

/** Where updates come from. */
export interface UpdateSource {
  readonly weights: ConversionPlan["weights"];
  /** Name of the adapter. */
  readonly file: string;
  /** Name of the base. */
  readonly base: string;
}

/** Reads the tensors of modules, and the weights of those that need them, or says where a worker can. */
export function sendUpdates(
  modules: readonly AdapterModule[],
  { weights, file, base }: UpdateSource,
  sending: Sending,
): Promise<Sent<PostedUpdate>[]> {
  return Promise.all(
    modules.map(async (module) => {
      const pair = needsBase(module) ? weights.get(module.name) : undefined;
      return {
        module: await sendModule({ module, file }, sending),
        weight: pair && (await sendWeight({ pair, file: base }, sending)),
      };
    }),
  );
}

/** All that a module changes, whatever kind it is. */
export function updateOf({ module: posted, weight }: PostedUpdate, engine: Engine): Promise<Delta> {
  return locate({ file: posted.file }, async () => {
    const module = receivedModule(posted);
    const base = weight && (await finiteBaseWeight(receivedWeight(module, weight)));
    return plainDelta(module, base, { engine });
  });
}

/** Stored bytes of a module and of its weight. */
export function updateBytes(module: AdapterModule, weights: UpdateSource["weights"]): number {
  const pair = needsBase(module) ? weights.get(module.name) : undefined;
  return moduleBytes(module) + (pair === undefined ? 0 : weightBytes(pair));
}
