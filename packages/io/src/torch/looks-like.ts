import { looksLikeSafetensors } from "../safetensors/looks-like.ts";
import { firstMember } from "../zip/first-member.ts";

/** Whether a file is a zip archive that does not begin with an array of NumPy, or a pickle. */
export function looksLikeTorch(head: Uint8Array): boolean {
  const member = firstMember(head);
  return member === undefined ? looksLikePickle(head) : !member.endsWith(".npy");
}

/**
 * Whether a file begins with the first instruction of protocols 2 to 5; so does a safetensors file whose header
 * takes 640 bytes.
 */
export function looksLikePickle(head: Uint8Array): boolean {
  const [first, protocol = 0] = head;
  return first === 0x80 && protocol >= 2 && protocol <= 5 && !looksLikeSafetensors(head);
}
