import { randomMatrix, wasmEngine, svd, singularValues, multiply } from "../src/index.ts";
import { measure } from "./measure.ts";
import { strided, transposed } from "../src/ops/strided.ts";
import { precondition } from "../src/precondition.ts";
import { headStart } from "../src/head-start.ts";
import { tridiagonalise } from "../src/tridiagonalise.ts";
import { tridiagonalEigen } from "../src/tridiagonal-eigen.ts";
import { inverseIteration } from "../src/inverse-iteration.ts";
import { orthogonalise } from "../src/orthogonalise.ts";
import { eigenOfFinite } from "../src/symmetric-eigen.ts";
const engine = wasmEngine();
for (const n of [32,64,128,256,512]) {
  const w = randomMatrix(n,n,3);
  const p = precondition(engine, w);
  const h = headStart(engine, p.r);
  const g = engine.gram(transposed(strided(p.r)));
  const form = tridiagonalise(engine, g);
  const values = tridiagonalEigen(form, [], engine).sort().reverse();
  const rows = (len:number) => Array.from({length:n},(_,i)=>{const x=new Float64Array(len); x.set(h.turned.data.subarray(i*n,(i+1)*n)); return x;});
  console.log(n, inverseIteration(form, values) !== undefined);
  const t = measure([
    {name:"svd", work:()=>svd(w,{engine})},
    {name:"values", work:()=>singularValues(w,{engine})},
    {name:"precond", work:()=>precondition(engine,w)},
    {name:"headStart", work:()=>headStart(engine,p.r)},
    {name:"eigen", work:()=>eigenOfFinite(engine,g)},
    {name:"tridiagonalise", work:()=>tridiagonalise(engine,g)},
    {name:"QLvalues", work:()=>tridiagonalEigen(form, [], engine)},
    {name:"inverse", work:()=>inverseIteration(form, values)},
    {name:"Jacobi 2n", work:()=>orthogonalise(engine, rows(2*n), n)},
    {name:"Jacobi n", work:()=>orthogonalise(engine, rows(n), n)},
  ], 3, 100);
  console.log(n, [...t].map(([n,{best,median}])=>`${n} ${best.toFixed(2)}`).join("  "));
}
