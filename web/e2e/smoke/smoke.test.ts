/** A whole session by itself: code, identities, Allow, both modes, input, goodbye. Prints one line of figures. */

import { afterAll, beforeAll, expect, test } from "vitest";

import { ours } from "../world/clock";
import { firstPicture, percentile, seen, watchFirstPicture, watchPixel } from "../world/photon";
import { sleep, until } from "../world/process";
import { World } from "../world/session";
import { pictures, received } from "../world/spy";

/** Key presses that are timed. */
const PRESSES = 40;

/** A terminal that turns from black to white and back with every key. */
const FLIP =
  "on=0; stty -echo -icanon; while head -c1 >/dev/null; do on=$((1-on)); " +
  "if [ $on = 1 ]; then printf '\\033[?5h'; else printf '\\033[?5l'; fi; done";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world?.stop());

test("a session from the code to the goodbye", async () => {
  await world.desktop.open("xterm", [
    "-title",
    "flip",
    "-bg",
    "black",
    "-fg",
    "white",
    "-geometry",
    "60x20+400+200",
    "-e",
    "sh",
    "-c",
    FLIP,
  ]);
  await world.desktop.window("flip");
  const helper = await world.helper();
  const agent = world.agent({ code: await helper.newSession() });
  await watchFirstPicture(helper.page);
  await helper.ask("view");
  await agent.says(/Hana Helper asks to see your screen[\s\S]*\[y\/N\]: $/);
  expect(await pictures(helper.page)).toBe(0);
  const allowed = Date.now();
  agent.type("y");
  await helper.watching("view");
  const first = (await firstPicture(helper.page)) - allowed;

  const from = agent.output.length;
  await helper.askControl();
  await agent.says(/now also[\s\S]*\[y\/N\]: $/, 15, from);
  agent.type("y");
  await helper.watching("control");
  await helper.click(600, 350);
  await watchPixel(helper.page, 600, 350);
  for (let press = 0; press < PRESSES; press++) {
    await helper.press("a");
    await until("the picture changed", async () => (await seen(helper.page)).length > press, 5);
    await sleep(30 + Math.random() * 50);
  }
  const times = await seen(helper.page);
  const { frames, tiles } = await received(helper.page);

  const left = ours();
  await helper.end();
  await agent.says(/the helper ended the session/, 5);
  const notice = ours() - left;
  await until("the agent is gone", () => !agent.running, 5);
  expect(await world.desktop.pressed()).toEqual([]);

  const figures = {
    first_picture_ms: Math.round(first),
    pictures: frames + tiles,
    round_trips: times.length,
    round_trip_p50_ms: percentile(times, 0.5),
    round_trip_p95_ms: percentile(times, 0.95),
    leave_notice_ms: notice,
  };
  console.log(JSON.stringify(figures));
});
