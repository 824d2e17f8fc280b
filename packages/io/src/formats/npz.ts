import { openNpz } from "../numpy/open-npz.ts";
import { firstMember } from "../zip/first-member.ts";
import type { Format } from "./_format.ts";

/** A zip archive of arrays, as `numpy.savez`, `numpy.savez_compressed` and MLX write it. */
export const npz: Format = {
  id: "npz",
  extensions: [".npz"],
  sniff: (head) => firstMember(head)?.endsWith(".npy") ?? false,
  open: openNpz,
};
