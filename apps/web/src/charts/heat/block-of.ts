/** Where a module stands in its model. */
export interface BlockPlace {
  /** The path up to the last block that is counted, e.g. `layers.3`. */
  readonly block: string;
  /** What it is in there, e.g. `self_attn.q_proj`. */
  readonly kind: string;
  /** The block in a few letters, e.g. `down 0.1.0`. */
  readonly label: string;
}

/** Words that count what follows them: `layers.3`, `transformer_blocks_0`, `input_blocks_4_1`, `h.5`. */
const COUNTED = /(?:^|[._])(?:blocks?|layers?|attentions|resnets|resblocks|h)((?:[._]\d+)+)(?=[._]|$)/g;
/** Left out of labels, since every row has them. */
const COMMON = new Set([
  "model",
  "blocks",
  "block",
  "layers",
  "layer",
  "attentions",
  "transformer",
  "text",
  "base",
]);

/**
 * Block and kind of a module by its path, dotted or underscored. What no word counts is a block of its own, without
 * a number.
 */
export function blockOf(path: string): BlockPlace {
  const last = [...path.matchAll(COUNTED)].at(-1);
  if (last === undefined) return { block: "", kind: path, label: "–" };
  const end = last.index + last[0].length;
  const block = path.slice(0, end);
  return { block, kind: path.slice(end + 1) || block, label: shortened(block) };
}

function shortened(block: string): string {
  const words = block.split(/[._]/u).filter((word) => !COMMON.has(word));
  const names = words.filter((word) => !/^\d+$/u.test(word));
  const numbers = words.filter((word) => /^\d+$/u.test(word));
  return [names.join(" "), numbers.join(".")].filter((text) => text !== "").join(" ");
}
