/**
 * Whether a request is one of a web page to another origin. Such a request may not carry `If-Match` without being
 * announced first, which few file servers allow; what they answer is compared all the same.
 */
export function crossesOrigins(url: string): boolean {
  const { location } = globalThis as { readonly location?: { readonly origin?: string } };
  return location?.origin !== undefined && location.origin !== new URL(url).origin;
}
