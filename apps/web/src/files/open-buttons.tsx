import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { useApp } from "../app/use-app.ts";
import { chosenFiles } from "../open/dropped-files.ts";
import { groupCheckpoints } from "../open/group-checkpoints.ts";

/** Files and folders from the disk, for who does not drag. */
export function OpenButtons({ primary }: { readonly primary: boolean }): JSX.Element {
  return (
    <>
      <PickButton label="Choose files" class={primary ? "primary" : ""} folder={false} />
      <PickButton label="Choose a folder" class="" folder />
    </>
  );
}

interface PickProps {
  readonly label: string;
  readonly class: string;
  readonly folder: boolean;
}

function PickButton({ label, folder, class: look }: PickProps): JSX.Element {
  const app = useApp();
  const input = useRef<HTMLInputElement>(null);
  const take = (event: JSX.TargetedEvent<HTMLInputElement>): void => {
    const { files } = event.currentTarget;
    if (files !== null) app.open(groupCheckpoints(chosenFiles(files)));
    event.currentTarget.value = ""; // so that the same file can be chosen again
  };
  return (
    <>
      <button type="button" class={look} onClick={() => input.current?.click()}>
        {label}
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        {...(folder && { webkitdirectory: true })}
        onChange={take}
      />
    </>
  );
}
