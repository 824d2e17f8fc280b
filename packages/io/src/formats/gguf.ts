import { openGguf } from "../gguf/open-gguf.ts";
import { looksLikeGguf } from "../gguf/read-header.ts";
import type { Format } from "./_format.ts";

/** Models and adapters of llama.cpp: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md */
export const gguf: Format = { id: "gguf", extensions: [".gguf"], sniff: looksLikeGguf, open: openGguf };
