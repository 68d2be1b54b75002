/** What a limit of time is measured by. */

import { readFileSync } from "node:fs";

/** Milliseconds of a tick of `/proc/stat`: USER_HZ is 100 on Linux. */
const TICK = 10;

/**
 * Milliseconds that have passed, less those in which the host of a virtual machine had given its
 * processors to others (proc_stat(5): `steal`; on average of all of them). Only differences mean something.
 *
 * "Within a second" is said of programs that run: not of how many machines a host has to serve.
 */
export function ours(): number {
  const lines = readFileSync("/proc/stat", "utf8").split("\n");
  const stolen = lines.filter((line) => /^cpu\d/.test(line)).map((line) => line.split(" ")[8]);
  const ticks = stolen.reduce((sum, it) => sum + Number(it ?? 0), 0);
  return performance.now() - (ticks * TICK) / stolen.length;
}
