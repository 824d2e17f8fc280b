// Products with a vector, or a few of them: memory decides. Each matrix value is read once, along its stored rows.
import type { ProductVariant, Situation } from "./_product.ts";
import { productWgsl, type Readings, readingsId } from "./_product-wgsl.ts";

/** Products of so many columns or less are thin. */
export const THIN_COLUMNS = 4;

/** Values of a row of op(b), as many as there are columns. */
const FEW = /* wgsl */ `
override COLS: u32;

fn few(base: u32, term: u32) -> vec4<f32> {
  var values = vec4<f32>(right(base, term, 0u), 0.0, 0.0, 0.0);
  if (COLS > 1u) { values.y = right(base, term, 1u); }
  if (COLS > 2u) { values.z = right(base, term, 2u); }
  if (COLS > 3u) { values.w = right(base, term, 3u); }
  return values;
}

fn put_few(row: u32, z: u32, sums: vec4<f32>) {
  for (var col = 0u; col < COLS; col++) { put(row, col, z, sums[col]); }
}
`;

/** The terms of a row that a lane adds up, by fours where that can be. */
const PARTIAL_DOT: Readonly<Record<"values" | "fours", string>> = {
  values: /* wgsl */ `
fn partial_dot(row: u32, lane: u32, lanes: u32, z: u32) -> vec4<f32> {
  let end = end_term(z);
  var sums = vec4<f32>();
  for (var term = first_term(z) + lane; term < end; term += lanes) {
    sums += left(a_base(z), row, term) * few(b_base(z), term);
  }
  return sums;
}
`,
  fours: /* wgsl */ `
fn partial_dot(row: u32, lane: u32, lanes: u32, z: u32) -> vec4<f32> {
  let end = end_term(z);
  let row_start = a_base(z) + row * sizes.a_step;
  let base = b_base(z);
  var sums = vec4<f32>();
  for (var term = first_term(z) + 4u * lane; term < end; term += 4u * lanes) {
    let values = a_quad((row_start + term) / 4u);
    sums += values.x * few(base, term);
    sums += values.y * few(base, term + 1u);
    sums += values.z * few(base, term + 2u);
    sums += values.w * few(base, term + 3u);
  }
  return sums;
}
`,
};

/** LANES threads for each row of a whose values lie side by side; a tree adds what they found. */
const DOTS = /* wgsl */ `
override ROWS: u32; // of a workgroup
override LANES: u32; // threads that share a sum
var<workgroup> partial: array<vec4<f32>, LANES * ROWS>;

@compute @workgroup_size(LANES, ROWS)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) thread: vec3<u32>) {
  let row = group.y * ROWS + thread.y;
  let place = thread.y * LANES + thread.x;
  var sums = vec4<f32>();
  if (row < sizes.m) { sums = partial_dot(row, thread.x, LANES, group.z); }
  partial[place] = sums;
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (thread.x < half) { partial[place] += partial[place + half]; }
  }
  if (thread.x == 0u) { put_few(row, group.z, partial[place]); }
}
`;

/** The same with a subgroup for each row, which needs no workgroup memory. */
const SUBGROUP_DOTS = /* wgsl */ `
override ROWS: u32; // a workgroup has as many, in turns
@compute @workgroup_size(256)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(subgroup_id) subgroup: u32,
  @builtin(num_subgroups) subgroups: u32,
  @builtin(subgroup_size) lanes: u32,
  @builtin(subgroup_invocation_id) lane: u32,
) {
  for (var i = subgroup; i < ROWS; i += subgroups) {
    let row = group.y * ROWS + i;
    var sums = vec4<f32>();
    if (row < sizes.m) { sums = partial_dot(row, lane, lanes, group.z); }
    sums = subgroupAdd(sums);
    if (lane == 0u) { put_few(row, group.z, sums); }
  }
}
`;

/** LANES threads for each four neighbouring columns of the stored a, which are rows of op(a). */
const SUMS: Readonly<Record<"values" | "fours", string>> = {
  values:
    "vec4<f32>(left(base, row, term), left(base, min(row + 1u, last), term), left(base, min(row + 2u, last), term), left(base, min(row + 3u, last), term))",
  fours: "a_quad((base + term * sizes.a_step + row) / 4u)",
};

/** A tree adds what the lanes found; each four rows are then put. */
const SUMS_MAIN = /* wgsl */ `
@compute @workgroup_size(ROWS, LANES)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) thread: vec3<u32>) {
  let row = 4u * (group.y * ROWS + thread.x);
  let place = thread.y * ROWS + thread.x;
  var sums = mat4x4<f32>();
  if (row < sizes.m) { sums = partial_sums(row, thread.y, group.z); }
  partial[place] = sums;
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (thread.y < half) { partial[place] += partial[place + half * ROWS]; }
  }
  if (thread.y > 0u) { return; }
  let found = transpose(partial[place]);
  put_few(row, group.z, found[0]);
  put_few(row + 1u, group.z, found[1]);
  put_few(row + 2u, group.z, found[2]);
  put_few(row + 3u, group.z, found[3]);
}
`;

function sumsWgsl(fours: "values" | "fours"): string {
  return /* wgsl */ `
override ROWS: u32; // fours of rows of a workgroup
override LANES: u32; // threads that share a sum
var<workgroup> partial: array<mat4x4<f32>, LANES * ROWS>;

fn partial_sums(row: u32, lane: u32, z: u32) -> mat4x4<f32> {
  let base = a_base(z);
  let b_first = b_base(z);
  let end = end_term(z);
  let last = sizes.m - 1u;
  var sums = mat4x4<f32>();
  for (var term = first_term(z) + lane; term < end; term += LANES) {
    let x = few(b_first, term);
    let values = ${SUMS[fours]};
    sums[0] += x.x * values;
    if (COLS > 1u) { sums[1] += x.y * values; }
    if (COLS > 2u) { sums[2] += x.z * values; }
    if (COLS > 3u) { sums[3] += x.w * values; }
  }
  return sums;
}
${SUMS_MAIN}`;
}

/** The shader for a product of up to `THIN_COLUMNS` columns. */
export function thinVariant({ n, a, b, device }: Situation): ProductVariant {
  const by = a.inFours ? "fours" : "values";
  const readings: Readings = {
    a: { by, packing: a.packing },
    b: { by: "values", packing: b.packing },
  };
  const subgroups = device.subgroups && !a.turned;
  const kind = a.turned ? "sums" : "dots";
  const body = a.turned ? sumsWgsl(by) : PARTIAL_DOT[by] + (subgroups ? SUBGROUP_DOTS : DOTS);
  const wgsl = `${subgroups ? "enable subgroups;\n" : ""}${productWgsl(readings)}${FEW}${body}`;
  const id = `gemm-thin ${kind} ${readingsId(readings)}${subgroups ? " subgroups" : ""}`;
  const threads = threadsOf(kind, device.software);
  return {
    shader: { id, wgsl, inputs: 2 },
    tile: [threads.ROWS * (a.turned ? 4 : 1), THIN_COLUMNS],
    constants: subgroups ? { COLS: n, ROWS: threads.ROWS } : { COLS: n, ...threads },
  };
}

/** A processor adds alone; a GPU has many threads for each sum, neighbours reading neighbours. */
function threadsOf(
  kind: "sums" | "dots",
  software: boolean,
): { readonly LANES: number; readonly ROWS: number } {
  if (software) return { LANES: 1, ROWS: 32 };
  return kind === "dots" ? { LANES: 32, ROWS: 8 } : { LANES: 16, ROWS: 16 };
}
