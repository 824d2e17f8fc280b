export { webPool } from "./web-pool.ts";
export type { WebPoolOptions } from "./web-pool.ts";
