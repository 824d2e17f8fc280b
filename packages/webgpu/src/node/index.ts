export { openDawn } from "./open-dawn.ts";
export type { DawnOptions } from "./open-dawn.ts";
