/** The golden vectors of rh-protocol, which its Rust tests read as well: the two cannot drift apart. */

import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import { Ajv2020 } from "ajv/dist/2020";
import { describe, expect, test } from "vitest";

import { readMessage } from "./tiles/message";
import type { Message } from "./tiles/message";
import type { Rect } from "./tiles/region";
import { readToClient, readToHelper } from "./wire/read";

const protocol = resolve(import.meta.dirname, "../../crates/rh-protocol");
// Widths of numbers are Rust's way of saying what the bounds beside them say already.
const ajv = new Ajv2020({ validateFormats: false });

type Cases = Record<string, unknown>;

function read<T>(path: string): T {
  return JSON.parse(readFileSync(resolve(protocol, path), "utf8")) as T;
}

const invalid = read<Record<string, Cases>>("tests/golden/invalid.json");

describe.each(["from_client", "to_client", "from_helper", "to_helper", "pointer_move"])(
  "%s",
  (name) => {
    const fits = ajv.compile(read<object>(`schema/${name}.json`));

    test.each(Object.entries(read<Cases>(`tests/golden/${name}.json`)))(
      "%s fits the schema",
      (_, message) => {
        expect(fits(message), ajv.errorsText(fits.errors)).toBe(true);
      },
    );

    test.each(Object.entries(invalid[name] ?? {}))("%s does not fit the schema", (_, message) => {
      expect(fits(message)).toBe(false);
    });
  },
);

describe.each([
  { name: "to_client", reader: readToClient },
  { name: "to_helper", reader: readToHelper },
])("the page reads $name", ({ name, reader }) => {
  test.each(Object.entries(read<Cases>(`tests/golden/${name}.json`)))(
    "%s as it is",
    (_, message) => {
      expect(reader(JSON.stringify(message))).toEqual(message);
    },
  );

  test.each(Object.entries(invalid[name] ?? {}))("%s as nothing", (_, message) => {
    expect(reader(JSON.stringify(message))).toBeUndefined();
  });
});

describe("the page reads tiles", () => {
  test.each(Object.entries(read<Record<string, Vector>>("tests/golden/tile.json")))(
    "%s as it is",
    (_, { hex, message }) => {
      expect(describedAs(readMessage(bytes(hex)))).toEqual(message);
    },
  );

  test.each(Object.entries(read<Record<string, string>>("tests/golden/tile_invalid.json")))(
    "%s as nothing",
    (_, hex) => {
      expect(readMessage(bytes(hex))).toBeUndefined();
    },
  );
});

/** A binary message, and what it means in the words of the vectors. */
type Vector = { hex: string; message: unknown };

function bytes(hex: string): ArrayBuffer {
  return Uint8Array.from(Buffer.from(hex, "hex")).buffer;
}

function describedAs(message: Message | undefined): unknown {
  const list = ({ x, y, w, h }: Rect) => [x, y, w, h];
  switch (message?.kind) {
    case "tile": {
      const { kind, coding, at } = message;
      const data = Buffer.from(message.bytes).toString("hex");
      return { kind, coding, at, area: list(message), data };
    }
    case "copy": {
      const { kind, at, from } = message;
      return { kind, at, from: [from.x, from.y], area: list(message) };
    }
    case "video":
      return { ...message, areas: message.areas.map(list) };
    default:
      return message;
  }
}
