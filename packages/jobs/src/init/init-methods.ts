import { initialisers } from "@lora/peft";

/** Ids of the methods that `init` knows, for those who offer them. */
export function initMethods(): string[] {
  return initialisers.map(({ id }) => id);
}
