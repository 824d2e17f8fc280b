/**
 * Whether a request is one of a web page to another origin. Such a request may not carry `If-Match` without being
 * announced first, which few file servers allow; what they answer is compared all the same.
 *
 * @param page where the page is from; undefined outside of pages
 */
export function crossesOrigins(url: string, page: string | undefined = pageOrigin()): boolean {
  return page !== undefined && page !== new URL(url).origin;
}

function pageOrigin(): string | undefined {
  const { location } = globalThis as { readonly location?: { readonly origin?: string } };
  return location?.origin;
}
