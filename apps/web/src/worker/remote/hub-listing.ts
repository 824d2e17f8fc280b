import type { HubLibrary } from "@lora/io";

/** An answer of the hub that is no listing; `openHub` reads the status. */
class HubRefusal extends Error {
  override readonly name = "HubRefusal";
  readonly statusCode: number;

  constructor(statusCode: number) {
    super(`it answered ${statusCode}`);
    this.statusCode = statusCode;
  }
}

/** The one question that is asked of the hub: so little that its library is not needed. */
export const hubListing: HubLibrary = {
  async modelInfo({ name, revision, hubUrl, fetch: ask }) {
    const response = await ask(`${hubUrl}/api/models/${name}/revision/${encodeURIComponent(revision)}`);
    if (!response.ok) throw new HubRefusal(response.status);
    const { sha, siblings = [] } = (await response.json()) as {
      readonly sha?: string;
      readonly siblings?: readonly { readonly rfilename: string }[];
    };
    return { ...(sha === undefined ? {} : { sha }), filePaths: siblings.map(({ rfilename }) => rfilename) };
  },
};
