import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { dataImage } from "./data-image.ts";

/** The picture that a file carries, decoded by the browser from its own bytes. */
export function Thumbnail({ url }: { readonly url: string }): JSX.Element | null {
  const [address, setAddress] = useState<string | undefined>(undefined);
  useEffect(() => {
    const image = dataImage(url);
    if (image === undefined) return setAddress(undefined);
    const made = URL.createObjectURL(image);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [url]);
  if (address === undefined) return null;
  return (
    <img
      class="thumbnail"
      src={address}
      alt="Picture that the file carries"
      onError={() => setAddress(undefined)}
    />
  );
}
