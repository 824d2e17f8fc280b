const LOCAL_HEADER = [0x50, 0x4b, 0x03, 0x04];
const NAME_AT = 30;

/** The name of the first member of a zip archive, as far as `head` has it; undefined for anything else. */
export function firstMember(head: Uint8Array): string | undefined {
  if (head.length < NAME_AT || !LOCAL_HEADER.every((byte, at) => head[at] === byte)) return undefined;
  const length = head[26]! | (head[27]! << 8);
  return new TextDecoder().decode(head.subarray(NAME_AT, NAME_AT + length));
}
