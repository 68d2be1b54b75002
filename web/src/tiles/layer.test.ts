import fc from "fast-check";
import { expect, test } from "vitest";

import { Layer, PATIENCE, reaches } from "./layer";
import type { Message } from "./message";
import type { Rect } from "./region";
import { HEIGHT, WIDTH, World } from "./world";

const LAST = 0xffff_ffff;

const rect: fc.Arbitrary<Rect> = fc
  .record({
    x: fc.nat(WIDTH - 1),
    y: fc.nat(HEIGHT - 1),
    w: fc.integer({ min: 1, max: WIDTH }),
    h: fc.integer({ min: 1, max: HEIGHT }),
  })
  .map(({ x, y, w, h }) => ({ x, y, w: Math.min(w, WIDTH - x), h: Math.min(h, HEIGHT - y) }));
const shift = fc
  .tuple(rect, fc.nat(), fc.nat())
  .map(([from, x, y]): [Rect, Rect] => [
    from,
    { ...from, x: x % (WIDTH - from.w + 1), y: y % (HEIGHT - from.h + 1) },
  ]);
const event: fc.Arbitrary<(world: World) => void> = fc.oneof(
  rect.map((rect) => (world: World) => world.tile(rect)),
  rect.map((rect) => (world: World) => world.settle(rect)),
  shift.map(
    ([from, to]) =>
      (world: World) =>
        world.move(from, to),
  ),
  fc
    .array(rect, { minLength: 1, maxLength: 3 })
    .map((rects) => (world: World) => world.play(rects)),
  fc.constant((world: World) => world.film()),
  { weight: 4, arbitrary: fc.constant((world: World) => world.deliver()) },
  { weight: 3, arbitrary: fc.nat(5).map((which) => (world: World) => world.present(which)) },
  fc.nat(5).map((which) => (world: World) => world.lose(which)),
);
const start = fc.oneof(fc.constant(LAST), fc.constant(0x7fff_ff00), fc.nat(LAST));

/** Whether `now` was on the screen at `place` no later than `before` was first. */
function isOlder(world: World, place: number, before: number, now: number | undefined): boolean {
  const history = world.truth.map((pixels) => pixels[place]);
  return history.lastIndexOf(now) < history.indexOf(before);
}

test("nothing older is ever shown over something newer, whatever is late or lost", () => {
  fc.assert(
    fc.property(start, fc.array(event, { maxLength: 80 }), (start, events) => {
      const world = new World(start);
      let before = world.seen;
      for (const event of events) {
        event(world);
        const { seen } = world;
        before.forEach((pixel, place) => {
          if (pixel === undefined || pixel === seen[place]) return;
          expect(isOlder(world, place, pixel, seen[place])).toBe(false);
        });
        before = seen;
      }
    }),
    { numRuns: 500 },
  );
});

test("at rest the picture is the sharer's screen, and tiles alone can show all of it", () => {
  fc.assert(
    fc.property(start, fc.array(event, { maxLength: 60 }), (start, events) => {
      const world = new World(start);
      for (const event of events) event(world);
      world.film();
      world.rest();
      expect(world.seen).toEqual(world.truth.at(-1));
      world.settle({ x: 0, y: 0, w: WIDTH, h: HEIGHT });
      world.rest();
      expect(world.seen).toEqual(world.truth.at(-1));
      expect(world.covered).toBe(true);
    }),
    { numRuns: 300 },
  );
});

const picture: Message = { kind: "picture", display: 3, at: 0, width: 100, height: 50 };
const tile = (rect: Rect, at = 0): Message => ({
  kind: "tile",
  coding: "qoi",
  at,
  bytes: new Uint8Array(1),
  ...rect,
});
const video = (at: number, ...areas: Rect[]): Message => ({ kind: "video", at, areas });
const whole = { x: 0, y: 0, w: 100, h: 50 };
const left = { ...whole, w: 50 };
const right = { ...left, x: 50 };

function painted(): Layer {
  const layer = new Layer();
  layer.take(picture, 0);
  layer.take(tile(whole), 0);
  return layer;
}

test("the clock wraps", () => {
  expect(reaches(5, LAST)).toBe(true);
  expect(reaches(LAST, 5)).toBe(false);
  expect(reaches(7, 7)).toBe(true);
});

test("an area goes over to video with the first frame that is not older", () => {
  const layer = painted();
  layer.presented(100, 0);
  expect(layer.take(video(LAST - 5, left), 0)).toEqual([{ draw: "clear", areas: [left] }]);
  expect(layer.take(video(200, right), 0)).toEqual([]);
  expect(layer.presented(199, 0)).toEqual([]);
  expect(layer.presented(undefined, PATIENCE - 1)).toEqual([]);
  expect(layer.presented(203, 0)).toEqual([{ draw: "clear", areas: [right] }]);
  expect(layer.presented(204, 0)).toEqual([]);
});

test("a frame without a timestamp is trusted after a while", () => {
  const layer = painted();
  layer.take(video(900, left), 40);
  expect(layer.presented(undefined, 39 + PATIENCE)).toEqual([]);
  expect(layer.presented(undefined, 40 + PATIENCE)).toEqual([{ draw: "clear", areas: [left] }]);
});

test("a tile that comes later takes its part back", () => {
  const layer = painted();
  layer.take(video(10, left), 0);
  layer.take(tile({ x: 0, y: 0, w: 50, h: 20 }, 11), 0);
  const rest = { x: 0, y: 20, w: 50, h: 30 };
  expect(layer.presented(12, 0)).toEqual([{ draw: "clear", areas: [rest] }]);
  expect(layer.shown).toEqual({
    picture: { display: 3, width: 100, height: 50 },
    painted: 70,
    covered: false,
  });
});

test("a new picture voids what was painted and what waited", () => {
  const layer = painted();
  layer.take(video(10, left), 0);
  expect(layer.shown?.covered).toBe(false);
  expect(layer.take({ ...picture, width: 9, height: 9 }, 0)).toEqual([
    { draw: "picture", width: 9, height: 9 },
  ]);
  expect(layer.presented(12, 0)).toEqual([]);
  expect(layer.shown).toMatchObject({ picture: { width: 9, height: 9 }, painted: 0 });
});

test("what is outside of the picture, or copies what is not painted, is refused", () => {
  const empty = new Layer();
  expect(empty.shown).toBeUndefined();
  for (const message of [tile(left), video(0, left)]) expect(empty.accepts(message)).toBe(false);
  const layer = painted();
  const copy = (from: Rect, to: Rect): Message => ({ kind: "copy", at: 0, from, ...to });
  expect(layer.accepts(tile({ ...whole, w: 101 }))).toBe(false);
  expect(layer.accepts(tile({ ...left, y: 1 }))).toBe(false);
  expect(layer.accepts(copy(left, right))).toBe(true);
  expect(layer.accepts(copy(left, { ...left, x: 51 }))).toBe(false);
  expect(layer.accepts(copy({ ...left, x: 51 }, right))).toBe(false);
  layer.take(video(0, { x: 49, y: 49, w: 1000, h: 1000 }), 0);
  expect(layer.accepts(copy(left, right))).toBe(false);
  expect(layer.presented(1, 0)).toEqual([
    { draw: "clear", areas: [{ x: 49, y: 49, w: 51, h: 1 }] },
  ]);
  expect(layer.accepts(copy(left, right))).toBe(false);
});

test("a picture that no canvas can hold is refused", () => {
  const accepts = (width: number, height: number) =>
    new Layer().accepts({ ...picture, width, height });
  expect(accepts(5120, 2880)).toBe(true);
  expect(accepts(16_384, 4096)).toBe(true);
  expect(accepts(16_385, 1)).toBe(false);
  expect(accepts(16_000, 16_000)).toBe(false);
});

test("what a hostile agent may make wait has a limit", () => {
  const layer = painted();
  const row = Array.from({ length: 100 }, (_, x) => ({ x, y: 0, w: 1, h: 1 }));
  const rows = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, y) =>
      row.map((rect) => ({ ...rect, y: y + from })),
    ).flat();
  layer.take(video(1, ...rows(0, 50)), 0);
  expect(layer.accepts(video(1, ...rows(0, 40)))).toBe(false);
  expect(layer.accepts(video(1, ...rows(0, 30)))).toBe(true);
  expect(layer.accepts(picture)).toBe(true);
});

test("when no more messages come, what was painted gives way to the video", () => {
  const layer = painted();
  expect(layer.end()).toEqual([{ draw: "picture", width: 100, height: 50 }]);
  expect(layer.shown).toBeUndefined();
  expect(layer.accepts(tile(left))).toBe(false);
  expect(layer.end()).toEqual([]);
});
