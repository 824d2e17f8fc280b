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
  | "diff" // ΔW itself
  | "glora_a1" // GLoRA: what multiplies W, and what is added
  | "glora_a2"
  | "glora_b1"
  | "glora_b2"
  | "oft_blocks" // OFT: n × b × b; BOFT: m × n × b × b
  | "rescale" // what OFT and BOFT of LyCORIS multiply outputs with
  | "oft_R" // OFT of PEFT: n × b(b − 1)/2, what is above the diagonals
  | "oft_r" // OFT of PEFT before 0.16: n × b × b
  | "oft_s" // what that of 0.14 and 0.15 multiplies outputs with: out × 1
  | "glora_A_X" // GLoRA of PEFT: what W is multiplied with entry by entry, out × 1 or 1
  | "glora_A_Xd" // or as a product: out × r
  | "glora_A_Xu" // r × in
  | "glora_B_X" // what is added, in the same three forms
  | "glora_B_Xd"
  | "glora_B_Xu"
  | "boft_R" // BOFT of PEFT: m × n × b × b
  | "boft_s" // what it multiplies outputs with
  | "ia3_l" // (IA)³ of PEFT: what W is multiplied with
  | "ia3_weight" // (IA)³ of LyCORIS: what is added to 1
  | "on_input"; // whether that acts on inputs
