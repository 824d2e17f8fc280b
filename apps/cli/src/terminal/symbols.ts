/** Signs of the mathematics and of the text, with spellings for where only ASCII can be shown. */
export interface Symbols {
  /** From a value before to the one after. */
  readonly arrow: string;
  readonly update: string;
  readonly updateNorm: string;
  readonly largestSigma: string;
  /** σ₁ of the update against the spectral norm of the base weight. */
  readonly sigmaToBase: string;
  /** σᵢ against |fᵢ|. */
  readonly sigmaToFactor: string;
  readonly spectral: string;
}

const UNICODE: Symbols = {
  arrow: "→",
  update: "ΔW",
  updateNorm: "‖ΔW‖",
  largestSigma: "σ₁",
  sigmaToBase: "σ₁/‖W‖₂",
  sigmaToFactor: "σ/|f|",
  spectral: "in ‖·‖₂",
};

const ASCII: Symbols = {
  arrow: "->",
  update: "dW",
  updateNorm: "|dW|",
  largestSigma: "s1",
  sigmaToBase: "s1/|W|2",
  sigmaToFactor: "s/|f|",
  spectral: "in |.|2",
};

/** The signs that a terminal can show. */
export function symbols(unicode: boolean): Symbols {
  return unicode ? UNICODE : ASCII;
}
