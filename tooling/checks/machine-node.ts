import { delimiter, dirname } from "node:path";

/**
 * The Node of the machine, which users of the packages have. The workspace itself runs on a newer one from npm;
 * `npm test` names the machine's before it changes over.
 */
export const machineNode: string = process.env["LORA_MACHINE_NODE"] ?? process.execPath;

/** The environment in which `node` and `npm` are the machine's. */
export function machineEnvironment(): NodeJS.ProcessEnv {
  const path = [dirname(machineNode), process.env["PATH"]].join(delimiter);
  return { ...process.env, PATH: path };
}
