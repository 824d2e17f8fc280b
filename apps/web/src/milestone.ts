/** What a file comes to, in this order. */
export type Milestone = "dropped" | "header" | "alphas" | "measured";

/** Marks a moment of a file in the browser's own timeline, as `lora:header`, where tools and tests find it. */
export function milestone(name: Milestone, file: string): void {
  performance.mark(`lora:${name}`, { detail: file });
}
