import { initialState } from "../store/app-state.ts";
import { createStore } from "../store/create-store.ts";
import { parseRoute, routeHash } from "../store/route.ts";
import { createClient } from "../worker/client.ts";
import { confinedWorker } from "../worker/confined-worker.ts";
import coordinatorAddress from "../worker/coordinator.ts?worker&url";
import type { DeviceChoice } from "../worker/open-device.ts";
import { actionCommands } from "./action-commands.ts";
import { analysisCommands } from "./analysis-commands.ts";
import type { App } from "./app.ts";
import { fileCommands } from "./file-commands.ts";
import { readAsCommand } from "./read-as-command.ts";

/** The app of this tab: its state, its worker, and what can be done. */
export function createApp(): App {
  const store = createStore(initialState(parseRoute(location.hash)));
  const client = createClient({
    spawn: () => confinedWorker(coordinatorAddress),
    device: deviceChoice(new URLSearchParams(location.search).get("device")),
    onDevice: (device) => store.update({ device }),
  });
  addEventListener("hashchange", () => store.update({ route: parseRoute(location.hash) }));
  const analysis = analysisCommands(store, client);
  const action = actionCommands(store, client);
  return {
    store,
    prepare: client.start,
    ...fileCommands(store, client, analysis),
    readAs: readAsCommand(store, client, analysis),
    show: analysis.show,
    setBase: analysis.setBase,
    act: action.act,
    preview: (question, context) => client.call("preview", question, context),
    fingerprint: (file) => client.call("fingerprint", file),
    zip: (request) => client.call("zip", request),
    traffic: (file) => client.call("traffic", file),
    select: (selected) => store.update({ selected }),
    go(route) {
      location.hash = routeHash(route);
    },
    adjust(route) {
      history.replaceState(null, "", routeHash(route));
      store.update({ route });
    },
    cancel: (what) => (what === "action" ? action.cancel() : analysis.cancel()),
  };
}

function deviceChoice(text: string | null): DeviceChoice {
  return text === "wasm" || text === "webgpu" ? text : "auto";
}
