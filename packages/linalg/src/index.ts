export type { Matrix, MatrixLike, Svd } from "./matrix.ts";
