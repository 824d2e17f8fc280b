import { LoraError } from "@lora/tensor";
import { keyTwice } from "../duplicate-key.ts";
import { eachMember } from "../json-members.ts";
import { parseTexts } from "../json-texts.ts";
import { memoryBudget } from "../memory-budget.ts";

const WHAT = "the index";

/** Which shard holds which tensor. */
export type WeightMap = ReadonlyMap<string, string>;

/**
 * Reads the text of a `*.index.json`.
 *
 * @throws LoraError FORMAT when it is not such an index, or names a shard outside its own folder
 */
export function parseShardIndex(text: string): WeightMap {
  let weightMap: WeightMap | undefined;
  const budget = memoryBudget(text.length);
  eachMember(text, WHAT, ({ from }, key) => {
    if (key !== "weight_map") return;
    if (weightMap !== undefined) throw keyTwice(WHAT, key);
    if (text[from] !== "{") throw new LoraError("FORMAT", "the index has no weight_map");
    weightMap = parseTexts(text, { what: WHAT, at: from, budget, refused, allows: isFileName });
  });
  if (weightMap !== undefined) return weightMap;
  throw new LoraError("FORMAT", "the index has no weight_map");
}

/** A plain name: an index from elsewhere must not reach files of other folders. */
function isFileName(shard: string): boolean {
  return shard !== "" && shard !== ".." && !/[/\\]/u.test(shard);
}

function refused(tensor: string, shard: string): LoraError {
  return new LoraError("FORMAT", `the index names ${shard} as a shard: it takes a file name`, { tensor });
}

/** The text of an index, as Hugging Face writes it. */
export function shardIndexText(weightMap: WeightMap, totalBytes: number): string {
  const index = { metadata: { total_size: totalBytes }, weight_map: Object.fromEntries(weightMap) };
  return `${JSON.stringify(index, null, 2)}\n`;
}
