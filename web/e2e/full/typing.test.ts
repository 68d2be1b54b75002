/** Seen to hold, 1: what a helper types, clicks, drags and scrolls arrives in real programs (S-06, B-07). */

import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { until } from "../world/process";
import { World } from "../world/session";

const SENTENCE = 'Hello, World! 100% {of} [it] ~ "quoted" \\ é ß 漢 🙂 |end';

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world?.stop());
afterEach(() => world.clear());

test("S-06: a sentence with capitals, symbols, é, ß, 漢 and an emoji arrives exactly", async () => {
  const path = await world.desktop.edit("sentence.txt");
  const { helper } = await world.session("control");
  await helper.click(300, 250);
  await helper.type(SENTENCE);
  await helper.press("Control+s");
  await until("the file is saved", () => world.desktop.read(path).length > 0, 15);
  expect(world.desktop.read(path).trimEnd()).toBe(SENTENCE);
});

test("B-07: Ctrl and Shift shortcuts work: select a word, copy, paste twice, undo", async () => {
  const path = await world.desktop.edit("shortcuts.txt", "one two");
  const { helper } = await world.session("control");
  await helper.click(300, 250);
  await helper.press("Control+End");
  await helper.press("Shift+Control+ArrowLeft");
  await helper.press("Control+c");
  await helper.press("End");
  for (let times = 0; times < 3; times++) await helper.press("Control+v");
  await helper.press("Control+z");
  await helper.press("Control+s");
  await until("the file is saved", () => world.desktop.read(path) !== "one two", 15);
  expect(world.desktop.read(path).trimEnd()).toBe("one twotwotwo");
});

test("S-06: a drag selects text in a terminal", async () => {
  const text = "the quick brown fox jumps over the lazy dog";
  await world.desktop.open("xterm", [
    "-title",
    "words",
    "-geometry",
    "60x10+300+400",
    "-e",
    "sh",
    "-c",
    `printf '${text}'; sleep 600`,
  ]);
  const corner = await world.desktop.corner(await world.desktop.window("words"));
  const { helper } = await world.session("control");
  await helper.drag([corner.x + 3, corner.y + 8], [corner.x + 320, corner.y + 8]);
  const selected = await until(
    "something is selected",
    () => world.desktop.ask("xclip", ["-o", "-selection", "primary"]).catch(() => ""),
    5,
  );
  expect(selected.trim()).toBe(text);
});

test("S-06: the wheel scrolls a terminal's history, and a click places the pointer", async () => {
  await world.desktop.open("xterm", [
    "-title",
    "history",
    "-sl",
    "500",
    "-geometry",
    "60x20+300+200",
    "-e",
    "sh",
    "-c",
    "seq 1 300; sleep 600",
  ]);
  const id = await world.desktop.window("history");
  await world.desktop.ask("xdotool", ["windowactivate", "--sync", id]);
  const { helper } = await world.session("control");
  await helper.click(420, 330);
  await world.desktop.pointed(420, 330);
  const before = await picture(id);
  await helper.page.mouse.wheel(0, -600);
  await until("the terminal scrolled up", async () => (await picture(id)) !== before, 10);
  const above = await picture(id);
  await helper.page.mouse.wheel(0, 1200);
  await until("the terminal scrolled down", async () => (await picture(id)) !== above, 10);
  expect(await picture(id)).toBe(before);
});

/** What a window shows, as a checksum. */
async function picture(id: string): Promise<string> {
  return (
    await world.desktop.ask("sh", ["-c", `import -window ${id} -crop 300x240+10+10 rgb:- | md5sum`])
  ).trim();
}
