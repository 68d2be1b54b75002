/** Seen to hold, 6: bad codes, strangers and garbage get clear answers; the running session is untouched. */

import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";

import type { Helper } from "../world/helper";
import { sleep, until, type Child } from "../world/process";
import { World } from "../world/session";
import { forge, garbage, pictures } from "../world/spy";

let world: World;
let session: { helper: Helper; agent: Child };
let used: string;

beforeAll(async () => {
  world = await World.start();
  const helper = await world.helper();
  used = await helper.newSession();
  const agent = world.agent({ code: used });
  await helper.ask("control");
  await agent.says(/\[y\/N\]: $/);
  agent.type("y");
  await helper.watching("control");
  session = { helper, agent };
});
afterAll(() => world?.stop());

/** The running session still shows pictures and takes input. */
async function untouched(): Promise<void> {
  const before = await pictures(session.helper.page);
  await session.helper.click(200, 200);
  await world.desktop.pointed(200, 200);
  await session.helper.move(300 + Math.floor(Math.random() * 100), 300);
  await world.desktop.repaint();
  await until("pictures go on", async () => (await pictures(session.helper.page)) > before, 5);
  expect(session.agent.running).toBe(true);
}

/** What `rh-agent share` says to a code. */
async function refused(code: string): Promise<string> {
  const agent = world.agent({ code });
  await agent.says(/rh-agent: .*/);
  await sleep(50);
  return agent.output;
}

test("S-46: wrong and used codes are answered alike, malformed ones with what a code is", async () => {
  const wrong = await refused("00000000");
  expect(wrong).toContain("this code is not valid; ask your helper for a new one");
  expect(await refused(used)).toBe(wrong);
  for (const malformed of ["1234", "123456789", "abcdefgh", "'; drop"]) {
    expect(await refused(malformed)).toContain("a code has eight digits");
  }
  await untouched();
});

test("S-18: who is not signed in, or comes from another origin, gets no socket", async () => {
  const address = world.service.url.replace("http", "ws") + "/ws";
  const status = (headers: Record<string, string>): Promise<number> =>
    new Promise((resolve) => {
      const socket = new WebSocket(address, { headers });
      socket.on("unexpected-response", (_, response) => resolve(response.statusCode ?? 0));
      socket.on("open", () => resolve(101));
      socket.on("error", () => undefined);
    });
  expect(await status({ Origin: world.service.url })).toBe(401);
  const cookies = await session.helper.context.cookies();
  const Cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  expect(await status({ Origin: world.service.url, Cookie })).toBe(101);
  for (const Origin of ["http://evil.example", "http://127.0.0.1.evil.example", "null"]) {
    expect(await status({ Origin, Cookie })).toBe(403);
  }
  await untouched();
});

test("a message of 10 MB and garbage on every channel do no harm", async () => {
  const { page } = session.helper;
  for (const channel of ["control", "pointer"]) {
    for (const bytes of [1, 100, 65_000]) await garbage(page, channel, bytes);
    for (const text of [
      "",
      "{",
      "null",
      "[]",
      '{"type":"nothing"}',
      '{"type":"input","seq":-1}',
      "\u0000",
    ]) {
      await forge(page, channel, text);
    }
  }
  const at = { display: 1e9, x: 0.5, y: 0.5 };
  for (const x of [1e9, -1, "NaN", null])
    await forge(page, "pointer", JSON.stringify({ seq: 1, at: { ...at, x } }));
  await untouched();

  const cookies = await session.helper.context.cookies();
  const Cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  const socket = new WebSocket(world.service.url.replace("http", "ws") + "/ws", {
    headers: { Origin: world.service.url, Cookie },
  });
  await new Promise((resolve) => socket.once("open", resolve));
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.on("error", () => undefined);
  socket.send("x".repeat(10_000_000));
  await closed;
  await untouched();
});
