/** The tensors a low-rank module is stored as, by role. */
export type Part =
  | "down" // A: r × in (conv: r × in × k × k)
  | "up" // B: out × r
  | "mid" // Tucker core: r × r × k × k
  | "alpha"; // scalar; scale = alpha / r
