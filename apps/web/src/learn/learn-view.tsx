import "./learn.css";
import type { JSX } from "preact";
import { FactorLesson } from "./factor-lesson.tsx";
import { RealLayer } from "./real-layer.tsx";

/** What a low-rank update is, by dragging one. */
export function LearnView(): JSX.Element {
  return (
    <article class="lesson">
      <h1>What a low-rank update is</h1>
      <p>
        Training changes a weight <b>W</b> into <b>W + ΔW</b>. The update ΔW is a matrix as large as W, and
        most of it repeats itself: its rows are mixtures of a few patterns. LoRA stores those patterns and the
        mixtures, not the matrix: <b>ΔW = s · B · A</b>, with r columns in B and r rows in A. That r is the{" "}
        <b>rank</b>, and s = α / r is a plain number.
      </p>
      <h2>Drag the rank</h2>
      <p>
        Below is a small ΔW, blue above zero and orange below. The pair B, A that comes nearest to it at each
        rank is known exactly: it is cut from the singular value decomposition, ΔW = Σ σᵢ · uᵢ · vᵢᵀ, by
        keeping the r largest σ. What is missing then has the norm √(σ²ᵣ₊₁ + σ²ᵣ₊₂ + …), and no pair of that
        rank misses less (Eckart and Young, 1936).
      </p>
      <FactorLesson />
      <h2>How much is enough?</h2>
      <p>
        The <b>energy</b> of an update is Σσ², its squared Frobenius norm. Keep a share e of it and the
        relative error is √(1 − e): 95% of the energy still leaves an error of 22%, 99% leaves 10%. Where the
        line falls early, the last directions of a file cost as many bytes as the first and do almost nothing;
        that is what makes a LoRA shrink well.
      </p>
      <h2>A real layer</h2>
      <RealLayer />
      <h2>Why B · A, and not the matrix?</h2>
      <p>
        An m × n update takes m·n numbers, its factors r·(m + n). For a 4096 × 4096 weight at rank 16 that is
        131,072 instead of 16,777,216. Nor is the product ever formed to find its σ: with B = Q₁R₁ and Aᵀ =
        Q₂R₂, the singular values of B·A are those of the r × r matrix R₁R₂ᵀ. That is how this page measures a
        whole model in seconds.
      </p>
    </article>
  );
}
