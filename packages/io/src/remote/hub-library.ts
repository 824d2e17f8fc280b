/** What is used of the npm package `@huggingface/hub`: how a repository is asked for its files. */
export interface HubLibrary {
  modelInfo(params: {
    readonly name: string;
    readonly revision: string;
    readonly hubUrl: string;
    readonly additionalFields: ("sha" | "filePaths")[];
    readonly fetch: typeof fetch;
  }): Promise<{ readonly sha?: string; readonly filePaths: string[] }>;
}
