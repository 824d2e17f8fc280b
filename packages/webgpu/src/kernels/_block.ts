// Register blocking: 256 threads bring a tile of either operand into workgroup memory, of DEPTH terms; each thread
// then calculates 4 × 4 or 8 × 8 results in registers. What is read next is on its way meanwhile.
import { productWgsl, type Readings } from "./_product-wgsl.ts";
import type { Reading } from "./_reading.ts";

/** Fours of rows and of columns that a thread calculates. */
export interface BlockForm {
  readonly rows: 1 | 2;
  readonly cols: 1 | 2;
}

/** A block of the stored operand: four values of each of four stored rows, zeros outside of the matrix. */
function storedBlock(name: "a" | "b", reading: Reading, matrix: string): string {
  const line = reading.by === "values" ? byValues : inFours;
  return /* wgsl */ `
fn ${name}_stored(base: u32, major: u32, minor: u32, major_end: u32, minor_end: u32) -> ${matrix} {
  var rows = ${matrix}();
  let step = sizes.${name}_step;
  let at = base + major * step + minor;
  if (minor >= minor_end) { return rows; }
${range(4)
  .map((i) => line(name, i))
  .join("\n")}
  return rows;
}
`;
}

function inFours(name: "a" | "b", i: number): string {
  return `  if (major + ${i}u < major_end) { rows[${i}] = ${name}_quad((at + ${i}u * step) / 4u); }`;
}

function byValues(name: "a" | "b", i: number): string {
  const values = ["x", "y", "z", "w"].map(
    (component, j) =>
      `if (minor + ${j}u < minor_end) { rows[${i}].${component} = ${name}_at(at + ${i}u * step + ${j}u); }`,
  );
  return `  if (major + ${i}u < major_end) { ${values.join(" ")} }`;
}

/** Four terms of four rows of op(a), or columns of op(b), from `line` on: a vector for each term. */
function fetched(name: "a" | "b", size: "m" | "n", matrix: string): string {
  // Terms are stored rows of a where it is turned, of b where it is not.
  const termsAreRows = name === "a" ? "TRANS_A" : "!TRANS_B";
  return /* wgsl */ `
fn ${name}_fetch(base: u32, line: u32, term: u32, end: u32) -> ${matrix} {
  if (${termsAreRows}) { return ${name}_stored(base, term, line, end, sizes.${size}); }
  return transpose(${name}_stored(base, line, term, sizes.${size}, end));
}
`;
}

/** Puts what was fetched into a tile. */
function putTile(name: "a" | "b"): string {
  const line = (i: number): string =>
    `${name}_tile[(4u * ${name}_place.y + ${i}u) * ${name.toUpperCase()}_PITCH + ${name}_place.x] = next[${i}];`;
  return range(4).map(line).join(" ");
}

/** The registers of a thread: what is declared, what each term of a tile adds, what is put in the end. */
interface Registers {
  readonly declared: string;
  readonly added: string;
  readonly put: string;
}

function registers({ rows, cols }: BlockForm): Registers {
  const cells = range(rows).flatMap((r) =>
    range(4).flatMap((i) => range(cols).map((c) => ({ r, i, c, name: `s${r}${i}${c}` }))),
  );
  const loads = [
    ...range(rows).map((r) => `let a${r} = vec4<f32>(a_tile[term * A_PITCH + thread.y + ${r}u * TY]);`),
    ...range(cols).map((c) => `let b${c} = vec4<f32>(b_tile[term * B_PITCH + thread.x + ${c}u * TX]);`),
  ];
  const products = cells.map(({ r, i, c, name }) => `${name} += a${r}.${"xyzw"[i]} * b${c};`);
  return {
    declared: cells.map(({ name }) => `var ${name} = vec4<f32>();`).join(" "),
    added: [...loads, ...products].join("\n        "),
    put: cells
      .map(({ r, i, c, name }) => `put_four(row + ${4 * r}u * TY + ${i}u, col + ${4 * c}u * TX, z, ${name});`)
      .join("\n  "),
  };
}

/** The shader of a form, for operands that are so read: where both as halves, the tiles are of f16 too. */
export function blockWgsl(form: BlockForm, readings: Readings): string {
  const half = readings.a.by === "halves";
  const matrix = half ? "mat4x4<f16>" : "mat4x4<f32>";
  return `${half ? "enable f16;\n" : ""}${productWgsl(readings)}${tilesWgsl(form, half ? "f16" : "f32")}
${storedBlock("a", readings.a, matrix)}${storedBlock("b", readings.b, matrix)}
${fetched("a", "m", matrix)}${fetched("b", "n", matrix)}
${mainWgsl(form, matrix)}`;
}

/** The tiles in workgroup memory. */
function tilesWgsl({ rows, cols }: BlockForm, scalar: string): string {
  return /* wgsl */ `
override TX: u32; // threads along columns and rows
override TY: u32;
override DEPTH: u32; // terms of a tile
override A_PITCH: u32 = TY * ${rows}u + 1u; // fours of a tile row, one more than are used: columns lie in different banks
override B_PITCH: u32 = TX * ${cols}u + 1u;
override A_BLOCKS: u32 = TY * ${rows}u * DEPTH / 4u; // 4 × 4 values of the tiles, each read by one thread
override B_BLOCKS: u32 = TX * ${cols}u * DEPTH / 4u;
var<workgroup> a_tile: array<vec4<${scalar}>, DEPTH * A_PITCH>; // [term][four rows]
var<workgroup> b_tile: array<vec4<${scalar}>, DEPTH * B_PITCH>; // [term][four columns]
`;
}

const PLACES = /* wgsl */ `
// Which four lines and four terms of its tile a block is: neighbouring threads read along the stored rows.
fn place(block: u32, lines: u32, terms_are_rows: bool) -> vec2<u32> {
  let terms = DEPTH / 4u;
  if (terms_are_rows) { return vec2<u32>(block % lines, block / lines); }
  return vec2<u32>(block / terms, block % terms);
}

fn put_four(row: u32, col: u32, z: u32, sums: vec4<f32>) {
  for (var i = 0u; i < 4u; i++) { put(row, col + i, z, sums[i]); }
}
`;

const MAIN = /* wgsl */ `
@compute @workgroup_size(TX, TY)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_id) thread: vec3<u32>,
  @builtin(local_invocation_index) index: u32,
) {
`;

/** What each thread does. */
function mainWgsl(form: BlockForm, matrix: string): string {
  const { rows, cols } = form;
  const { declared, added, put } = registers(form);
  return /* wgsl */ `${PLACES}
${MAIN}  let first_row = group.y * TY * ${4 * rows}u;
  let first_col = group.x * TX * ${4 * cols}u;
  let end = end_term(group.z);
  let reads_a = index < A_BLOCKS;
  let reads_b = !reads_a && index - A_BLOCKS < B_BLOCKS;
  let a_place = place(index, TY * ${rows}u, TRANS_A);
  let b_place = place(index - A_BLOCKS, TX * ${cols}u, !TRANS_B);
  let a_first = a_base(group.z);
  let b_first = b_base(group.z);
  var next = ${matrix}();
  ${declared}
  let start = first_term(group.z);
  for (var first = start; ; first += DEPTH) {
    if (first < end) {
      if (reads_a) { next = a_fetch(a_first, first_row + 4u * a_place.x, first + 4u * a_place.y, end); }
      if (reads_b) { next = b_fetch(b_first, first_col + 4u * b_place.x, first + 4u * b_place.y, end); }
    }
    if (first > start) { // the tile before, while the next is on its way
      for (var term = 0u; term < DEPTH; term++) {
        ${added}
      }
      workgroupBarrier();
    }
    if (first >= end) { break; }
    if (reads_a) { ${putTile("a")} }
    if (reads_b) { ${putTile("b")} }
    workgroupBarrier();
  }
  let z = group.z;
  let row = first_row + 4u * thread.y;
  let col = first_col + 4u * thread.x;
  ${put}
}
`;
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
