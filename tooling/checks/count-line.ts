/** The last line of the form `N passed, N failed, N skipped`, as the count reporter prints it. */
export function countLine(output: string): string | undefined {
  return output.match(/^\d+ passed, \d+ failed, \d+ skipped$/gmu)?.at(-1);
}
