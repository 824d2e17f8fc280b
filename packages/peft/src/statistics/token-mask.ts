import { LoraError } from "@lora/tensor";

/** What says which tokens of a batch count. Both flattened to one entry a token. */
export interface TokenMaskInput {
  /** 0 for padding. */
  readonly attentionMask?: ArrayLike<number> | undefined;
  readonly labels?: ArrayLike<number> | undefined;
  /** The label of tokens that are not learned; −100 when left out. */
  readonly labelMaskValue?: number | undefined;
}

/**
 * The tokens that are no padding and, where there are labels, are learned: those that PEFT's EVA looks at.
 *
 * @throws LoraError SHAPE when mask and labels differ in length
 */
export function tokenMask({ attentionMask, labels, labelMaskValue = -100 }: TokenMaskInput): Uint8Array {
  const length = attentionMask?.length ?? labels?.length ?? 0;
  if (labels !== undefined && labels.length !== length) {
    throw new LoraError(
      "SHAPE",
      `the attention mask has ${length} tokens, the labels have ${labels.length}`,
      {
        mask: length,
        labels: labels.length,
      },
    );
  }
  return Uint8Array.from({ length }, (_, token) =>
    Number((attentionMask?.[token] ?? 1) !== 0 && labels?.[token] !== labelMaskValue),
  );
}
