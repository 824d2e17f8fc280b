export type { Dawn } from "./load-dawn.ts";
export { openDawn } from "./open-dawn.ts";
export type { DawnOptions } from "./open-dawn.ts";
