import { productSpectrum, randomMatrix, wasmEngine } from "@lora/linalg";
import { encode, tensorOfBytes } from "@lora/tensor";
import { describe, expect, test } from "vitest";
import type { TaskFiles } from "../pool/task-files.ts";
import { placeWeight, postWeight } from "../posted.ts";
import { baseReference } from "./base-reference.ts";

const [ROWS, COLS] = [60, 40];
const engine = wasmEngine();

/** Rows 20 to 44 of a fused tensor that is 16 bytes into its file. */
function fused(values: Float64Array) {
  const stored = encode(values, "f16");
  const file = new Uint8Array(16 + stored.length);
  file.set(stored, 16);
  const place = { path: "base.safetensors", descriptor: 7, position: 16 };
  const tensor = { ...tensorOfBytes(stored, "f16", [ROWS, COLS]), place };
  const pair = { name: "qkv", tensor, rows: [20, 44], transposed: false } as const;
  const files: TaskFiles = {
    read: ({ position }, into) => into.set(file.subarray(position, position + into.length)),
    writing: () => expect.unreachable(),
    sha256: () => expect.unreachable(),
  };
  return { at: { pair, file: "base.safetensors" }, files };
}

const wanted = { needs: ["spectralNorm", "frobeniusNorm"], seed: 3, engine } as const;

describe("a weight that a worker reads itself", () => {
  test("has the norms of the one that is posted", async () => {
    const { at, files } = fused(new Float64Array(randomMatrix(ROWS, COLS, 1).data));
    const placed = placeWeight(at, { reachesFiles: true });
    expect(placed).toMatchObject({ shape: [24, COLS], place: { position: 16 + 20 * COLS * 2 } });
    const posted = baseReference(await postWeight(at, undefined), undefined, wanted);
    expect(baseReference(placed!, undefined, { ...wanted, files })).toEqual(posted);
  });

  test("is compared with the pairs of an update in one pass as beside other facts", async () => {
    const { at, files } = fused(new Float64Array(randomMatrix(ROWS, COLS, 1).data));
    const [up, down] = [randomMatrix(24, 3, 2), randomMatrix(3, COLS, 3)];
    const update = { factors: { up, down, scale: 1 }, spectrum: productSpectrum(up, down, { engine }) };
    const placed = placeWeight(at, { reachesFiles: true })!;
    const alone = { ...wanted, needs: ["subspaceFactors"], files } as const;
    const beside = { ...wanted, needs: ["subspaceFactors", "spectralNorm"], files } as const;
    const { subspaceFactors } = baseReference(placed, update, alone);
    expect(subspaceFactors).toHaveLength(3);
    expect(subspaceFactors).toEqual(baseReference(placed, update, beside).subspaceFactors);
    expect(subspaceFactors).toEqual(
      baseReference(await postWeight(at, undefined), update, alone).subspaceFactors,
    );
  });

  test("is refused with the same words where a value is not finite", async () => {
    const { at, files } = fused(
      Float64Array.from({ length: ROWS * COLS }, (_, i) => (i === 999 ? Number.NaN : 1)),
    );
    const thrown = (work: () => unknown): unknown => {
      try {
        return work();
      } catch (error) {
        return error;
      }
    };
    const posted = await postWeight(at, undefined);
    const expected = thrown(() => baseReference(posted, undefined, wanted));
    expect(expected).toBeInstanceOf(Error);
    const placed = placeWeight(at, { reachesFiles: true })!;
    expect(thrown(() => baseReference(placed, undefined, { ...wanted, files }))).toEqual(expected);
    const [up, down] = [randomMatrix(24, 2, 2), randomMatrix(2, COLS, 3)];
    const update = { factors: { up, down, scale: 1 }, spectrum: productSpectrum(up, down) };
    const alone = { ...wanted, needs: ["subspaceFactors"], files } as const;
    expect(thrown(() => baseReference(placed, update, alone))).toEqual(expected);
  });

  test("is one in a file that workers reach, of a type that engines hold", () => {
    const { at } = fused(new Float64Array(ROWS * COLS));
    expect(placeWeight(at, {})).toBeUndefined();
    const elsewhere = { ...at.pair, tensor: { ...at.pair.tensor, place: undefined } };
    expect(placeWeight({ ...at, pair: elsewhere }, { reachesFiles: true })).toBeUndefined();
    const wide = { ...at.pair, tensor: { ...at.pair.tensor, dtype: "f64" as const } };
    expect(placeWeight({ ...at, pair: wide }, { reachesFiles: true })).toBeUndefined();
  });
});
