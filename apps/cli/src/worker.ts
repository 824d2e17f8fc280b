// What the threads of `nodePool` run; the bundle has it as a file of its own.
export * from "@lora/jobs/node/worker";
