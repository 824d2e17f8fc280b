export { nodePool } from "./node-pool.ts";
export type { NodePoolOptions } from "./node-pool.ts";
