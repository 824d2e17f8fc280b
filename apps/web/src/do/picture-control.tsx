import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { failureOf } from "../app/failure-of.ts";
import { bytesText } from "../format/bytes-text.ts";
import { scaledPicture } from "./scaled-picture.ts";

interface PictureControlProps {
  readonly id: string;
  readonly hint: string | undefined;
  /** Of the longer side. */
  readonly most: number;
  readonly picture: Blob | undefined;
  readonly onPicture: (picture: Blob | undefined) => void;
}

/** An image of the disk, as small as it will be kept; seen before it is. */
export function PictureControl({ id, hint, most, picture, onPicture }: PictureControlProps): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState("");
  const take = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    setProblem("");
    try {
      onPicture(await scaledPicture(file, most));
    } catch (error) {
      onPicture(undefined);
      setProblem(failureOf(error).message);
    }
  };
  const remove = (): void => {
    input.current!.value = "";
    onPicture(undefined);
  };
  return (
    <div class="picture">
      <input
        ref={input}
        id={id}
        aria-describedby={hint}
        type="file"
        accept="image/png,image/jpeg,image/webp,image/gif"
        onChange={({ currentTarget }) => void take(currentTarget.files?.[0])}
      />
      {picture !== undefined && <Shown picture={picture} onRemove={remove} />}
      <p class="small problem" role="status">
        {problem}
      </p>
    </div>
  );
}

function Shown({ picture, onRemove }: { picture: Blob; onRemove: () => void }): JSX.Element {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(picture);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [picture]);
  return (
    <>
      {address !== undefined && <img class="thumbnail" src={address} alt="The picture that was chosen" />}
      <button type="button" onClick={onRemove}>
        Remove the picture
      </button>{" "}
      <span class="quiet small">{bytesText(picture.size)}</span>
    </>
  );
}
