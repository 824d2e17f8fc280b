/** The methods that help names, without loading what makes them; a test holds them to the registry. */
export const METHODS: readonly string[] = [
  "default",
  "gaussian",
  "orthogonal",
  "pissa",
  "pissa_niter_4",
  "olora",
  "mica",
  "corda",
  "eva",
  "loftq",
  "lora_ga",
  "random",
];
