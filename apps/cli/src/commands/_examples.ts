/** The end of a help text: calls that work, with what they are for. */
export function examples(calls: readonly (readonly [call: string, purpose: string])[]): string {
  return `\nExamples:\n${calls.map(([call, purpose]) => `  # ${purpose}\n  ${call}`).join("\n")}`;
}
