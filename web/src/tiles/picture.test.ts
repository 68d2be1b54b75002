import fc from "fast-check";
import { expect, test } from "vitest";

import { Picture } from "./picture";

const [WIDTH, HEIGHT] = [7, 5];

/** A picture whose pixels are all different. */
function numbered(): Picture {
  const picture = new Picture(WIDTH, HEIGHT);
  const whole = { x: 0, y: 0, w: WIDTH, h: HEIGHT };
  picture.put(
    Uint32Array.from({ length: WIDTH * HEIGHT }, (_, at) => at + 1),
    whole,
  );
  return picture;
}

const pixels = ({ bytes }: Picture) => [...new Uint32Array(bytes.buffer)];

/** A rectangle within the picture, and another place for it. */
const move = fc
  .tuple(fc.integer({ min: 1, max: WIDTH }), fc.integer({ min: 1, max: HEIGHT }))
  .chain(([w, h]) => {
    const place = { x: fc.nat(WIDTH - w), y: fc.nat(HEIGHT - h) };
    const rect = fc.record({ ...place, w: fc.constant(w), h: fc.constant(h) });
    return fc.record({ from: rect, to: rect });
  });

test("a copy is as if through a buffer, however it overlaps itself", () => {
  fc.assert(
    fc.property(move, ({ from, to }) => {
      const picture = numbered();
      const expected = pixels(picture);
      const before = [...expected];
      for (let y = 0; y < from.h; y++)
        for (let x = 0; x < from.w; x++)
          expected[(to.y + y) * WIDTH + to.x + x] = before[(from.y + y) * WIDTH + from.x + x]!;
      picture.copy(from, to);
      expect(pixels(picture)).toEqual(expected);
    }),
  );
});

test("what is put and cleared is that part and nothing else", () => {
  fc.assert(
    fc.property(move, ({ from, to }) => {
      const picture = numbered();
      const expected = pixels(picture);
      for (let y = 0; y < from.h; y++)
        for (let x = 0; x < from.w; x++) expected[(from.y + y) * WIDTH + from.x + x] = 0;
      for (let y = 0; y < to.h; y++)
        for (let x = 0; x < to.w; x++) expected[(to.y + y) * WIDTH + to.x + x] = 100 + y * to.w + x;
      picture.clear(from);
      picture.put(
        Uint32Array.from({ length: to.w * to.h }, (_, at) => 100 + at),
        to,
      );
      expect(pixels(picture)).toEqual(expected);
    }),
  );
});
