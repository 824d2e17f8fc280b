import fc from "fast-check";
import { LoraError } from "@lora/tensor";
import { expect, test } from "vitest";
import { httpSource } from "./http-source.ts";
import { bytes, countedSleep, pattern, SIZE } from "./range-server.test-helper.ts";

/** What a server does wrong with one request. */
const faults = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ kind: "none" }) },
  fc.record({
    kind: fc.constantFrom("short body", "long body", "short range"),
    by: fc.integer({ min: 1, max: 90_000 }),
  }),
  fc.record({ kind: fc.constant("shifted range"), by: fc.integer({ min: -70_000, max: 70_000 }) }),
  fc.record({
    kind: fc.constant("status"),
    by: fc.constantFrom(200, 204, 301, 304, 403, 404, 412, 416, 429, 500, 503),
  }),
  fc.constantFrom({ kind: "other file" }, { kind: "other file and size" }, { kind: "no range" }),
  fc.constantFrom(
    { kind: "weak tag" },
    { kind: "no tag" },
    { kind: "packed" },
    { kind: "reset" },
    { kind: "broken" },
  ),
) as fc.Arbitrary<Fault>;

interface Fault {
  readonly kind: string;
  readonly by?: number;
}

/** Never equal to the file at the same place. */
const other = pattern(SIZE + 7).map((byte) => byte ^ 0xff);

/** A server that answers its n-th request with the n-th fault; after them rightly. */
function faultyFetch(list: readonly Fault[]): (url: string, init: RequestInit) => Promise<Response> {
  let count = 0;
  return async (_, init) => {
    const fault = list[count++] ?? { kind: "none" };
    const [, from = "0", last = "0"] =
      /^bytes=(\d+)-(\d+)$/u.exec(new Headers(init.headers).get("range") ?? "") ?? [];
    return faultyAnswer(fault, Number(from), Math.min(Number(last) + 1, SIZE));
  };
}

function faultyAnswer({ kind, by = 0 }: Fault, from: number, to: number): Response {
  if (kind === "reset") throw new TypeError("fetch failed");
  const isOther = kind.startsWith("other file");
  const content = isOther ? other : bytes;
  const size = kind === "other file and size" ? SIZE + 7 : SIZE;
  const clamp = (place: number): number => Math.max(0, Math.min(SIZE, place));
  if (kind === "status")
    return new Response(by === 204 || by === 304 ? null : content, {
      status: by,
      headers: { etag: '"one"' },
    });
  // What the range says, and which bytes come.
  const shift = kind === "shifted range" ? by : 0;
  const [first, last] = [clamp(from + shift), clamp(to + shift)];
  const end = kind === "short range" ? Math.max(first + 1, last - by) : last;
  const body = content.slice(first, end);
  const sent = {
    "short body": body.slice(0, Math.max(0, body.length - by)),
    "long body": content.slice(first, end + by),
  };
  const headers = new Headers({
    etag: isOther ? '"two"' : '"one"',
    "content-range": `bytes ${first}-${end - 1}/${size}`,
  });
  if (kind === "weak tag") headers.set("etag", 'W/"one"');
  if (kind === "no tag") headers.delete("etag");
  if (kind === "no range") headers.delete("content-range");
  if (kind === "packed") headers.set("content-encoding", "gzip");
  return new Response(kind === "broken" ? breaking(body) : (sent[kind as keyof typeof sent] ?? body), {
    status: 206,
    headers,
  });
}

/** A body whose connection is cut in the middle. */
function breaking(body: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array> {
  let sent = false;
  return new ReadableStream({
    pull(controller) {
      if (sent) controller.error(new TypeError("terminated"));
      else controller.enqueue(body.slice(0, Math.ceil(body.length / 2)));
      sent = true;
    },
  });
}

test("a faulty server never yields wrong bytes: right ones, or an error of this toolkit", async () => {
  const reads = fc.array(fc.tuple(fc.nat(SIZE), fc.nat(SIZE)), { minLength: 1, maxLength: 4 });
  let [right, refused] = [0, 0];
  await fc.assert(
    fc.asyncProperty(fc.array(faults, { maxLength: 12 }), reads, async (list, places) => {
      try {
        const { sleep } = countedSleep();
        const source = await httpSource("http://x/w", { fetch: faultyFetch(list), sleep });
        const sorted = places.map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
        // A file that is another one from the first answer on is that other one, and no mixture.
        const content = (await source.read(0, 1))[0] === bytes[0] ? bytes : other;
        const got = await Promise.all(sorted.map(([from, to]) => source.read(from, to)));
        got.forEach((part, index) => {
          const [from, to] = sorted[index]!;
          expect(Buffer.compare(part, content.subarray(from, to))).toBe(0);
        });
        right += 1;
      } catch (error) {
        if (!(error instanceof LoraError)) throw error;
        refused += 1;
      }
    }),
    { seed: 1, numRuns: Number(process.env["LORA_FUZZ"] ?? 400) },
  );
  expect(Math.min(right, refused)).toBeGreaterThan(20);
});
