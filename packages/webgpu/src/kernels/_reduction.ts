import type { ReduceKind } from "@lora/tensor";
import type { WebGpuStorage } from "../webgpu-storage.ts";
import { packingsOf } from "./_elements.ts";
import type { Launcher, Shader } from "./_kernel.ts";
import { operand, UNPACK } from "./_operand.ts";
import { cuts, elements, rowsInBinding } from "./_region.ts";

const KINDS: Readonly<Record<ReduceKind, number>> = { sum: 0, sumOfSquares: 1, maxAbsolute: 2 };
const [GROUP, MOST_GROUPS] = [256, 65_535];

/**
 * A group has LANES lines and 256 / LANES threads for each: a thread takes every (256 / LANES)-th element of its
 * piece of the line, then a tree joins them. The order depends on the sizes alone. Magnitudes are compared as
 * integers, as which they order the same and NaN is the largest.
 */
const shader: Shader = {
  id: "reduce",
  inputs: 1,
  wgsl: /* wgsl */ `
override KIND: u32;
override LANES: u32;
const GROUP = ${GROUP}u;

struct Parameters {
  lines: u32,     // each becomes one value a piece
  length: u32,    // elements of a line
  inner: u32,     // elements from one of a line to the next; lines this many apart follow each other
  piece: u32,     // elements of a piece
  x_shift: u32,
  result_shift: u32,
  pieces: u32,    // values of a line in the result
}
@group(0) @binding(0) var<uniform> parameters: Parameters;
${operand("x", 1)}${UNPACK}
@group(0) @binding(2) var<storage, read_write> result: array<u32>;
var<workgroup> partial: array<u32, GROUP>;

fn prepared(x: f32) -> u32 {
  if (KIND == ${KINDS.maxAbsolute}u) { return bitcast<u32>(x) & 0x7fffffffu; }
  return bitcast<u32>(select(x, x * x, KIND == ${KINDS.sumOfSquares}u));
}

fn joined(x: u32, y: u32) -> u32 {
  if (KIND == ${KINDS.maxAbsolute}u) { return max(x, y); }
  return bitcast<u32>(bitcast<f32>(x) + bitcast<f32>(y));
}

@compute @workgroup_size(LANES, GROUP / LANES)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_id) thread: vec3<u32>,
) {
  let line = (group.y * groups.x + group.x) * LANES + thread.x;
  let first = (line / parameters.inner) * parameters.length * parameters.inner + line % parameters.inner;
  let end = min(parameters.length, (group.z + 1u) * parameters.piece);
  var value = 0u;
  if (line < parameters.lines) {
    for (var l = group.z * parameters.piece + thread.y; l < end; l += GROUP / LANES) {
      value = joined(value, prepared(x_at(parameters.x_shift + first + l * parameters.inner)));
    }
  }
  let place = thread.y * LANES + thread.x;
  partial[place] = value;
  for (var half = GROUP / 2u; half >= LANES; half /= 2u) {
    workgroupBarrier();
    if (place < half) { partial[place] = joined(partial[place], partial[place + half]); }
  }
  if (thread.y == 0u && line < parameters.lines) {
    let row = (line / parameters.inner) * parameters.pieces + group.z;
    result[parameters.result_shift + row * parameters.inner + line % parameters.inner] = partial[thread.x];
  }
}
`,
};

/** A matrix whose columns, or rows, become a value each. */
export interface Lines {
  readonly kind: ReduceKind;
  readonly x: WebGpuStorage;
  readonly rows: number;
  readonly cols: number;
  readonly along: "columns" | "rows";
}

/** Queues a reduction: by rows that fit a binding, long lines in pieces, whose values are then reduced again. */
export function reduceLines(lines: Lines, out: WebGpuStorage, launcher: Launcher): void {
  const { kind, x, rows, cols, along } = lines;
  const [count, length] = along === "rows" ? [rows, cols] : [cols, rows];
  const atOnce = Math.min(
    rowsInBinding(cols, x, launcher.mostBinding),
    along === "rows" ? MOST_GROUPS : Infinity,
  );
  const sections = rows === 0 ? ([[0, 0]] as const) : cuts(rows, atOnce);
  const inEach = piecesOf(length / (along === "rows" ? 1 : sections.length), count);
  const pieces = along === "rows" ? inEach : inEach * sections.length;
  const launch = (target: WebGpuStorage): void =>
    sections.forEach(([from, to], i) =>
      launchSection(lines, { from, to, inEach, pieces, index: i }, { target, launcher }),
    );
  if (pieces === 1) {
    launch(out);
    return;
  }
  launcher.scratch(count * pieces, (partial) => {
    launch(partial);
    const again = along === "rows" ? { rows: count, cols: pieces } : { rows: pieces, cols: count };
    const then = kind === "sumOfSquares" ? "sum" : kind;
    reduceLines({ kind: then, x: partial, ...again, along }, out, launcher);
  });
}

/** Into how many pieces a line is cut when there are few long ones. */
function piecesOf(length: number, lines: number): number {
  return length < 4096 || lines >= 1024 ? 1 : Math.min(256, Math.ceil(length / 2048));
}

/** How many lines a group of threads works on: more of shorter ones; along a row also when there is one long line. */
function lanesFor(length: number, contiguous: boolean): 1 | 16 | 256 {
  if (length <= 16) return 256;
  return contiguous && length > 256 ? 1 : 16;
}

interface Section {
  readonly from: number;
  readonly to: number;
  readonly inEach: number;
  readonly pieces: number;
  readonly index: number;
}

/** The result holds, for each line along rows, its pieces; or for each piece a value of every column. */
function launchSection(
  { kind, x, cols, along }: Lines,
  { from, to, inEach, pieces, index }: Section,
  { target, launcher }: { readonly target: WebGpuStorage; readonly launcher: Launcher },
): void {
  const byRows = along === "rows";
  const [count, length] = byRows ? [to - from, cols] : [cols, to - from];
  const lanes = lanesFor(length, byRows || cols === 1);
  const input = elements(x, from * cols, to * cols);
  const [resultFrom, resultTo] = byRows
    ? [from * pieces, to * pieces]
    : [index * inEach * cols, (index + 1) * inEach * cols];
  const output = elements(target, resultFrom, resultTo);
  const groups = Math.ceil(count / lanes);
  const across = Math.min(groups, MOST_GROUPS);
  const inner = byRows ? 1 : cols;
  launcher.launch({
    shader,
    constants: { ...packingsOf({ x }), KIND: KINDS[kind], LANES: lanes },
    parameters: [count, length, inner, Math.ceil(length / inEach), input.shift, output.shift, pieces],
    inputs: [input.region],
    output: output.region,
    grid: [across, Math.ceil(groups / across), inEach],
  });
}
