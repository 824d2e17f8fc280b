import { looksLikeNpy } from "../numpy/npy-header.ts";
import { openNpy } from "../numpy/open-npy.ts";
import type { Format } from "./_format.ts";

/** One array of NumPy: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */
export const npy: Format = { id: "npy", extensions: [".npy"], sniff: looksLikeNpy, open: openNpy };
