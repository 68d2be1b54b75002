/** The golden vectors of rh-protocol, which its Rust tests read as well: the two cannot drift apart. */

import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import { Ajv2020 } from "ajv/dist/2020";
import { describe, expect, test } from "vitest";

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
