import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { absent, type Site, startSite } from "./browser.test-helper.ts";
import { choose, download, lora, sample } from "./steps.test-helper.ts";

const A = sample("kohya/pirate-tales.safetensors");
/** 1200 × 900. */
const PICTURE = join(import.meta.dirname, "../../../../docs/screenshots/web-look.png");

describe.skipIf(absent)("what a file says of itself", () => {
  let site: Site;
  beforeAll(async () => {
    site = await startSite();
  });
  afterAll(() => site.close());

  test("texts are set, a picture is scaled, shown, kept and removed again, and the tensors stay", async () => {
    const { page, complaints } = await site.open("#/do/metadata");
    await choose(page, [A]);
    await page
      .getByLabel("Set", { exact: true })
      .fill("modelspec.title=Pirate\nmodelspec.trigger_phrase=arr");
    await page.getByLabel("Picture").setInputFiles(PICTURE);
    await page.getByAltText("The picture that was chosen").waitFor();
    await page.getByRole("button", { name: "Run", exact: true }).click();
    const made = await download(page, "Save pirate-tales-edited", join(site.folder, "edited.safetensors"));
    expect(lora("metadata", made).report).toMatchObject({
      metadata: { "modelspec.title": "Pirate" },
      thumbnail: { type: "image/jpeg", width: 256, height: 192 },
    });
    expect(lora("verify", A, made).report).toMatchObject({ passed: true });
    await page.goto(site.url);
    await page.reload();
    await choose(page, [made]);
    const shown = page.getByAltText("Picture that the file carries");
    await shown.waitFor();
    expect(await shown.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(256);
    await page.locator(".metadata .word", { hasText: "arr" }).waitFor();
    await page.getByRole("button", { name: "Remove the picture" }).click();
    await page.getByRole("button", { name: "Run", exact: true }).click();
    const bare = await download(page, "Save edited-edited", join(site.folder, "bare.safetensors"));
    expect(lora("metadata", bare).report).toMatchObject({
      metadata: { "modelspec.title": "Pirate" },
      thumbnail: null,
    });
    expect(complaints).toEqual([]);
  });

  test("a file that is no image is no picture, and can be taken back", async () => {
    const { page } = await site.open("#/do/metadata");
    await choose(page, [A]);
    await page.getByLabel("Picture").setInputFiles(A);
    await page.getByText("pirate-tales.safetensors is no image that this browser reads").waitFor();
    await page.getByLabel("Picture").setInputFiles(PICTURE);
    await page.getByRole("button", { name: "Remove the picture" }).click();
    expect(await page.getByAltText("The picture that was chosen").count()).toBe(0);
  });
});
