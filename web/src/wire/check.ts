/** Small type guards to look at values that nobody vouches for. */

export type Check = (value: unknown) => boolean;

export const text: Check = (value) => typeof value === "string";
export const flag: Check = (value) => typeof value === "boolean";
export const number: Check = (value) => typeof value === "number" && Number.isFinite(value);

/** A whole number from `least` to `most`. */
export function whole(least: number, most: number): Check {
  return (value) =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}

export const u16 = whole(0, 0xffff);
export const u32 = whole(0, 0xffff_ffff);
export const i32 = whole(-0x8000_0000, 0x7fff_ffff);
/** A share of an extent. */
export const share: Check = (value) =>
  number(value) && (value as number) >= 0 && (value as number) <= 1;

/** `null`, absent, or what `check` accepts; the wire writes an absent value either way. */
export function maybe(check: Check): Check {
  return (value) => value === null || value === undefined || check(value);
}

export function matching(pattern: RegExp): Check {
  return (value) => typeof value === "string" && pattern.test(value);
}

export function oneOf(...allowed: readonly string[]): Check {
  return (value) => typeof value === "string" && allowed.includes(value);
}

export function list(item: Check, most: number): Check {
  return (value) => Array.isArray(value) && value.length <= most && value.every(item);
}

/** An object with at least these fields; others are allowed and ignored. */
export function fields(shape: Readonly<Record<string, Check>>): Check {
  return (value) => {
    if (typeof value !== "object" || value === null) return false;
    const object = value as Record<string, unknown>;
    return Object.entries(shape).every(([name, check]) => check(object[name]));
  };
}

/** One of several objects that are told apart by their field `tag`. */
export function tagged(tag: string, shapes: Readonly<Record<string, Check>>): Check {
  return (value) => {
    if (typeof value !== "object" || value === null) return false;
    const name = (value as Record<string, unknown>)[tag];
    return typeof name === "string" && Object.hasOwn(shapes, name) && shapes[name]!(value);
  };
}
