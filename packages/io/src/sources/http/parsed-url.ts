import { LoraError } from "@lora/tensor";

/** An address as it is asked for, and as it is told. */
export interface ParsedUrl {
  readonly url: string;
  /** Without query, fragment and login: they may hold secrets. */
  readonly name: string;
  /** A login of the address, as a header. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Takes an address apart.
 *
 * @throws LoraError USAGE when it is none of http or https
 */
export function parsedUrl(text: string): ParsedUrl {
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  if (parsed === undefined || !/^https?:$/u.test(parsed.protocol)) {
    // Only its beginning: what cannot be read may hold secrets anywhere.
    throw new LoraError("USAGE", "this is no address of the web", {
      file: text.split(/[?#]/u)[0]!.replace(/\/\/[^/]*@/u, "//"),
      advice: "give an address as https://example.org/style.safetensors",
    });
  }
  const { username, password, origin, pathname } = parsed;
  const login = `${decoded(username)}:${decoded(password)}`;
  const bytes = new TextEncoder().encode(login);
  const authorization = `Basic ${btoa(String.fromCharCode(...bytes))}`;
  parsed.username = "";
  parsed.password = "";
  parsed.hash = "";
  return { url: parsed.href, name: origin + pathname, headers: login === ":" ? {} : { authorization } };
}

/** Without its percent signs, where they stand for anything. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
