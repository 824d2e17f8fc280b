export { columns, scaled, scaledColumns, stackColumns, stackRows, transpose } from "./arrange.ts";
export { choleskyQr2 } from "./cholesky-qr2.ts";
export { cholesky } from "./cholesky.ts";
export { identity, matrix, zeros } from "./create.ts";
export type {
  Engine,
  EngineOptions,
  Product,
  Reflector,
  Rows,
  HeldSum,
  RowsOfSum,
  StoredSum,
  SumFacts,
  SymmetricBlock,
  Turn,
  Widening,
} from "./engine.ts";
export { toFloat64 } from "./float64-matrix.ts";
export type { Float64Matrix } from "./float64-matrix.ts";
export { firstNonFinite } from "./first-non-finite.ts";
export { gram } from "./gram.ts";
export type { GramOptions } from "./gram.ts";
export { gramNorms } from "./gram-norms.ts";
export type { GramNorms } from "./gram-norms.ts";
export { block, strided, transposed } from "./ops/strided.ts";
export type { Operand, Strided, StridedHalf } from "./ops/strided.ts";
export { leastSquares } from "./least-squares.ts";
export { matrixMap } from "./matrix-map.ts";
export { matrixRank } from "./matrix-rank.ts";
export type { RankOptions } from "./matrix-rank.ts";
export type { AnyMatrix, HalfMatrix, HalfType, Matrix, MatrixLike, Svd } from "./matrix.ts";
export { multiply } from "./multiply.ts";
export type { MultiplyOptions } from "./multiply.ts";
export { dot, frobeniusNorm, maxAbs } from "./norms.ts";
export { productBasis, productBasisInRuns, productBasisOfGrams } from "./product-basis.ts";
export type { ProductBasis } from "./product-basis.ts";
export { coordinatesOf } from "./product-coordinates.ts";
export type { ProductCoordinates } from "./product-coordinates.ts";
export { pairsOf } from "./product-pairs.ts";
export type { ProductPairs } from "./product-pairs.ts";
export type { FactorGrams, ReducedProduct } from "./reduced-product.ts";
export { productMap } from "./product-map.ts";
export { productSingularValues } from "./product-singular-values.ts";
export { productSpectrum } from "./product-spectrum.ts";
export type { ProductSpectrum, ProductSpectrumOptions } from "./product-spectrum.ts";
export { productSvd } from "./product-svd.ts";
export { randomMatrix } from "./random-matrix.ts";
export { referenceBackend } from "./reference-backend.ts";
export type { ReferenceStorage } from "./reference-operations.ts";
export { referenceEngine } from "./reference-engine.ts";
export { refuseNonFinite } from "./refuse-non-finite.ts";
export { seededRandom } from "./seeded-random.ts";
export type { SeededRandom } from "./seeded-random.ts";
export { frobeniusNormOn } from "./frobenius-norm-on.ts";
export { spectralNormOn } from "./spectral-norm-on.ts";
export { gramMap, spectralNormOfGrams } from "./spectral-norm-of-grams.ts";
export type { GramMap } from "./spectral-norm-of-grams.ts";
export { spectralNorm } from "./spectral-norm.ts";
export type { SpectralNorm, SpectralNormOptions } from "./spectral-norm.ts";
export { singleBasis } from "./single-basis.ts";
export { isStoredType, readStored, storedMatrix } from "./stored-matrix.ts";
export type { StoredMap, StoredMatrix, StoredSource, StoredType } from "./stored-matrix.ts";
export { svdLowRankOn } from "./svd-low-rank-on.ts";
export { svdLowRank } from "./svd-low-rank.ts";
export type { LowRankOptions } from "./svd-low-rank.ts";
export { singularValues, svd } from "./svd.ts";
export { unitOn } from "./unit-on.ts";
export { symmetricEigen } from "./symmetric-eigen.ts";
export type { SymmetricEigen } from "./symmetric-eigen.ts";
export { thinQr } from "./thin-qr.ts";
export type { Qr } from "./thin-qr.ts";
export type { CompiledKernels } from "./wasm/kernels/instantiate.ts";
export type { KernelName } from "./wasm/kernels/kernel-functions.ts";
export { compileKernels, wasmEngine } from "./wasm/wasm-engine.ts";
export type { WasmEngineOptions } from "./wasm/wasm-engine.ts";
export { wideMatrix } from "./wide-matrix.ts";
