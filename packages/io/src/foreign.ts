import { LoraError } from "@lora/tensor";

/** A kind of file that is often found in the place of a checkpoint. */
interface Foreign {
  readonly what: string;
  readonly advice: string;
  readonly code: "UNSUPPORTED" | "FORMAT";
  matches(head: Uint8Array, text: string): boolean;
}

const CONVERT = "convert it to safetensors with the tool that wrote it";
const DOWNLOAD = "download the file itself, not the page about it, and log in where it asks for that";

const FOREIGN: readonly Foreign[] = [
  {
    what: "a tar archive, as the oldest versions of PyTorch write them",
    advice: CONVERT,
    code: "UNSUPPORTED",
    matches: (_, text) => text.startsWith("ustar", 257),
  },
  {
    what: "a Git LFS pointer: the file itself was never downloaded",
    advice: "run `git lfs pull` in its repository, or download the file from the site",
    code: "FORMAT",
    matches: (_, text) => text.startsWith("version https://git-lfs"),
  },
  {
    what: "a web page",
    advice: DOWNLOAD,
    code: "FORMAT",
    matches: (_, text) => /^\s*<(!doctype|html|head|\?xml)/iu.test(text),
  },
  {
    what: "a text file",
    advice: "give the file with the weights, and check that it was downloaded whole",
    code: "FORMAT",
    matches: (head) => head.length > 0 && head.every(isText),
  },
];

/** Printable ASCII, white space, and what UTF-8 is made of beyond ASCII. */
function isText(byte: number): boolean {
  return (byte >= 0x20 && byte !== 0x7f) || (byte >= 0x09 && byte <= 0x0d);
}

/**
 * The error for a file that is known to be something else than a checkpoint this package reads; undefined
 * where nothing is known of it.
 *
 * @param head its first bytes
 */
export function foreignError(head: Uint8Array): LoraError | undefined {
  const text = Array.from(head.subarray(0, 512), (byte) => String.fromCharCode(byte)).join("");
  const foreign = FOREIGN.find((candidate) => candidate.matches(head, text));
  if (foreign === undefined) return undefined;
  const { code, what, advice } = foreign;
  return new LoraError(code, `this is ${what}${code === "UNSUPPORTED" ? ", which is not read yet" : ""}`, {
    advice,
  });
}
