// A file of its own beside lora.js: the threads that `nodePool` starts run it.
import "@lora/jobs/node/worker";
