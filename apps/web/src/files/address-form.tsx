import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useApp } from "../app/use-app.ts";
import { readAddress } from "../open/read-address.ts";

/** Opens what is on the hub, by its name or the address of its page; only the parts that are needed are fetched. */
export function AddressForm(): JSX.Element {
  const app = useApp();
  const [text, setText] = useState("");
  const address = readAddress(text);
  const open = (event: Event): void => {
    event.preventDefault();
    if (address === undefined) return;
    const name =
      address.kind === "url" ? address.name : [address.repository, address.path].filter(Boolean).join("/");
    app.open([{ name, checkpoint: { kind: "address", address } }]);
    setText("");
  };
  return (
    <form class="address" onSubmit={open}>
      <label class="hidden-text" for="address">
        Name or address on the Hugging Face hub
      </label>
      <input
        id="address"
        type="text"
        inputMode="url"
        placeholder="owner/name of the hub, or a URL"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <button type="submit" disabled={address === undefined}>
        Open
      </button>
    </form>
  );
}
