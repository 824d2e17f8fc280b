/** The tensors a module is stored as, by role. Names of roles that only one kind has are those of its format. */
export type Part =
  | "down" // A: r × in (conv: r × in × k × k)
  | "up" // B: out × r
  | "mid" // Tucker core: r × r × k × k
  | "down-transposed" // Aᵀ: in × r
  | "up-transposed" // Bᵀ: r × out
  | "singular" // AdaLoRA's diagonal between up and down: r × 1
  | "alpha" // scalar; scale = alpha / r
  | "hada_w1_a" // LoHa: out × r (with a core r × out)
  | "hada_w1_b" // r × in
  | "hada_w2_a" // out × r (with a core r × out)
  | "hada_w2_b" // r × in
  | "hada_t1" // Tucker core of the first product: r × r × k × k
  | "hada_t2" // of the second
  | "lokr_w1" // LoKr: the outer factor, whole
  | "lokr_w1_a" // or as a product
  | "lokr_w1_b"
  | "lokr_w2" // the inner factor, whole (conv: with the kernel)
  | "lokr_w2_a" // or as a product (with a core r × out)
  | "lokr_w2_b"
  | "lokr_t2" // Tucker core of the inner factor: r × r × k × k
  | "diff"; // ΔW itself
