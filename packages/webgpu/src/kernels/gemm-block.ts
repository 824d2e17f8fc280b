// gemm: alpha · op(a) · op(b), f32, by blocks of registers (see _block.ts) whose form fits the shape: 128 × 128
// results a workgroup, 8 × 8 a thread, for large products; 64 × 64 for others; 128 × 32 and 32 × 128 for narrow ones.
// Error: |c − exact| ≤ 2·(k + 1)·2⁻²⁴·(|a|·|b|) entrywise.
import { blockVariant } from "./_block-forms.ts";
import type { KernelOf } from "./_kernel.ts";
import { productKernel } from "./_product.ts";
import { THIN_COLUMNS, thinVariant } from "./_thin.ts";

export const gemmBlock: KernelOf<"gemm"> = productKernel({
  id: "gemm-block",
  forSoftware: false,
  fewColumns: THIN_COLUMNS,
  variant: (situation) =>
    situation.n <= THIN_COLUMNS ? thinVariant(situation) : blockVariant(situation, { half: false }),
});
