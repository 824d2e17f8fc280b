import { mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readPlace, writeInto } from "./file-access.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lora-file-access-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("parts are written one behind the other into a file that is there", async () => {
  const path = join(folder, "parts");
  await writeFile(path, Uint8Array.of(1, 2, 3, 4, 5, 6));
  writeInto({ path, position: 2 }, (write) => {
    write(Uint8Array.of(7, 8));
    write(Uint8Array.of(9));
  });
  expect([...(await readFile(path))]).toEqual([1, 2, 7, 8, 9, 6]);
});

test("a place of an open file is read, and one beyond its end refused", async () => {
  const path = join(folder, "place");
  await writeFile(path, Uint8Array.of(1, 2, 3, 4));
  const handle = await open(path, "r");
  const into = new Uint8Array(2);
  readPlace({ path, descriptor: handle.fd, position: 1 }, into);
  expect([...into]).toEqual([2, 3]);
  expect(() => readPlace({ path, descriptor: handle.fd, position: 3 }, into)).toThrow(
    expect.objectContaining({ code: "IO", facts: expect.objectContaining({ file: path }) }),
  );
  await handle.close();
});

test("a file that is not there is not made", () => {
  const path = join(folder, "none");
  expect(() => writeInto({ path, position: 0 }, () => undefined)).toThrow(
    expect.objectContaining({ code: "IO", facts: expect.objectContaining({ file: path, system: "ENOENT" }) }),
  );
});
