import { act } from "./act.ts";
import { analyse } from "./analyse.ts";
import { close } from "./close.ts";
import { device } from "./device.ts";
import { fingerprint } from "./fingerprint.ts";
import { inspect } from "./inspect.ts";
import { open } from "./open.ts";
import { preview } from "./preview.ts";
import { readAs } from "./read-as.ts";
import { traffic } from "./traffic.ts";
import { zip } from "./zip.ts";

/** Everything the page can ask. */
export const calls = {
  act,
  analyse,
  close,
  device,
  fingerprint,
  inspect,
  open,
  preview,
  readAs,
  traffic,
  zip,
};

/** Their types, which is all that the page imports of them. */
export type Calls = typeof calls;
