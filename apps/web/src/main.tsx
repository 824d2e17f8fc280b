import { render } from "preact";
import { createApp } from "./app/create-app.ts";
import { Shell } from "./shell/shell.tsx";

const app = createApp();
render(<Shell app={app} />, document.querySelector("#app")!);

// The worker takes longer to start than the header of a file to be read: it is there before one is dropped.
addEventListener("load", () => setTimeout(app.prepare));

// Offline from the second visit on. Not while developing, when every file changes.
if (import.meta.env.PROD) void navigator.serviceWorker?.register("sw.js").catch(() => undefined);
