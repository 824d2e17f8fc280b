/**
 * A module worker under the page's own content security policy. A worker from an address has only the policy that its
 * server sends, and static hosts send none; one from a blob takes over that of who made it.
 */
export function confinedWorker(address: string): Worker {
  const script = `import ${JSON.stringify(new URL(address, location.href).href)};`;
  const blob = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  try {
    return new Worker(blob, { type: "module" });
  } finally {
    URL.revokeObjectURL(blob);
  }
}
