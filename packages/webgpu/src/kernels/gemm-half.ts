// gemm: as gemm-block, and where both operands are f16 with tiles of f16 in workgroup memory, which needs the device
// feature `shader-f16`. Products and sums are f32 as ever: an f16 times an f16 is exact there. Devices may flush f16
// below 2⁻¹⁴ to zero.
// Error: |c − exact| ≤ 2·(k + 1)·2⁻²⁴·(|a|·|b|) entrywise, plus 2⁻¹⁴·k·(max|a| + max|b|) where a device flushes.
import { blockVariant } from "./_block-forms.ts";
import type { KernelOf } from "./_kernel.ts";
import { productKernel } from "./_product.ts";
import { THIN_COLUMNS, thinVariant } from "./_thin.ts";

export const gemmHalf: KernelOf<"gemm"> = productKernel({
  id: "gemm-half",
  forSoftware: false,
  fewColumns: THIN_COLUMNS,
  variant: (situation) =>
    situation.n <= THIN_COLUMNS ? thinVariant(situation) : blockVariant(situation, { half: true }),
});
