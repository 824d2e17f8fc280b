import { describe, expect, test } from "vitest";
import { memoryBudget } from "../memory-budget.ts";
import { bytesSource } from "../sources/bytes-source.ts";
import type { ByteSource } from "../sources/byte-source.ts";
import { readDirectory } from "./directory.ts";
import type { MadeMember } from "./make-zip.test-helper.ts";
import { makeZip } from "./make-zip.test-helper.ts";
import { memberSource } from "./member-source.ts";

const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => (i * i) & 0xff);
const small = bytes.subarray(0, 10);

async function opened(zip: Uint8Array, name = "a"): Promise<ByteSource> {
  const source = bytesSource(zip, "made.zip");
  return memberSource(source, (await readDirectory(source, memoryBudget(source.size))).get(name)!);
}

describe.each<[string, Partial<MadeMember>]>([
  ["stored", {}],
  ["stored with its sizes behind it", { descriptor: true }],
  ["stored with another extra field in front", { extra: 37 }],
  ["with its numbers in the zip64 field", { zip64: true }],
  ["deflated", { method: 8 }],
  ["deflated with its sizes behind it", { method: 8, descriptor: true }],
])("a member %s", (_, how) => {
  test.each([false, true])("gives all its bytes, and any part of them (zip64: %j)", async (zip64) => {
    const zip = makeZip(
      [
        { name: "first", bytes: small },
        { name: "a", bytes, ...how },
      ],
      { zip64 },
    );
    const member = await opened(zip);
    expect(member.size).toBe(bytes.length);
    expect(same(await member.read(0, bytes.length), bytes)).toBe(true);
    for (const [from, to] of [
      [0, 5],
      [99_990, 200_001],
      [299_999, 300_000],
      [7, 7],
    ] as const) {
      expect(same(await member.read(from, to), bytes.subarray(from, to))).toBe(true);
    }
  });
});

test("an empty member is empty, deflated too", async () => {
  for (const method of [0, 8] as const) {
    const member = await opened(makeZip([{ name: "a", bytes: new Uint8Array(), method }]));
    expect(await member.read(0, 0)).toEqual(new Uint8Array());
  }
});

test("inflating stops when it is told to", async () => {
  const member = await opened(makeZip([{ name: "a", bytes, method: 8 }]));
  const aborting = new AbortController();
  aborting.abort();
  await expect(member.read(0, 9, aborting.signal)).rejects.toMatchObject({ code: "ABORTED" });
});

/** Without a list of all the bytes that differ. */
function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/** Changes the bytes of an archive at a place counted from its end. */
function patched(zip: Uint8Array, fromEnd: number, ...values: readonly number[]): Uint8Array {
  zip.set(values, zip.length - fromEnd);
  return zip;
}

const one = (member: Partial<MadeMember> = {}): Uint8Array =>
  makeZip([{ name: "a", bytes: small, ...member }]);
const all = (zip: Uint8Array): Promise<Uint8Array> =>
  opened(zip).then((member) => member.read(0, member.size));

test.each<[string, () => Uint8Array, string]>([
  ["without a directory", () => one().subarray(0, 60), "the zip has no directory at its end"],
  [
    "with a directory beyond its end",
    () => patched(one(), 6, 0xff, 0xff),
    "the directory of the zip claims bytes 65535 to 65582 of 110",
  ],
  [
    "with more members than it has",
    () => makeZip([{ name: "a", bytes: small }], { count: 2 }),
    "the zip claims 2 members, and its directory has 1",
  ],
  [
    "with one name twice",
    () =>
      makeZip([
        { name: "a", bytes: small },
        { name: "a", bytes: small },
      ]),
    "the zip names a twice",
  ],
  [
    "with something else in its directory",
    () => patched(one(), 22 + 47, 1),
    "the directory of the zip holds something else than a member",
  ],
  [
    "with a member behind its directory",
    () => patched(one(), 22 + 5, 60),
    "a ends behind the start of the zip's directory",
  ],
  [
    "with more bytes than deflate can make",
    () => one({ method: 8, claimed: 1e6 }),
    "a cannot hold 1000000 bytes in 12",
  ],
  [
    "with a zip64 locator to nowhere",
    () => patched(makeZip([], { zip64: true }), 34, 0xff),
    "the zip64 locator points to byte 255 of 98",
  ],
  [
    "with a zip64 locator to something else",
    () => patched(makeZip([], { zip64: true }), 34, 1),
    "there is no zip64 record at byte 1",
  ],
  ["whose member is elsewhere", () => patched(one(), 22 + 5, 1), "a is not where the zip's directory says"],
  [
    "whose member is longer than the directory says",
    () => one({ method: 8, claimed: 9 }),
    "a inflates to more than 9 bytes, and the zip says 9",
  ],
  [
    "whose member is shorter than the directory says",
    () => one({ method: 8, claimed: 11 }),
    "a inflates to 10 bytes, and the zip says 11",
  ],
])("a zip %s is refused", async (_, make, message) => {
  await expect(all(make())).rejects.toMatchObject({ code: "FORMAT", message });
});

test("a local header whose lengths lead out of the file is refused", async () => {
  const zip = one();
  zip.set([0xff, 0xff], 28);
  const message = "a reaches past the end of the zip";
  await expect(all(zip)).rejects.toMatchObject({ code: "FORMAT", message });
});

test("a broken stream is refused", async () => {
  const zip = makeZip([{ name: "a", bytes, method: 8 }]);
  zip.fill(0xff, 40, 90);
  const message = "a cannot be inflated";
  await expect(all(zip)).rejects.toMatchObject({ code: "FORMAT", message, facts: { member: "a" } });
});

test.each<[Partial<MadeMember>, string]>([
  [{ encrypted: true }, "a is encrypted"],
  [{ method: 99 }, "a is packed by method 99 of zip"],
])("a member of %j is not read", async (how, message) => {
  await expect(opened(one(how))).rejects.toMatchObject({ code: "UNSUPPORTED", message });
});
