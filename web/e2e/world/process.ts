/** A child process whose output is kept and can be waited for. */

import { spawn, type ChildProcessWithoutNullStreams, type SpawnOptions } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

import { ours } from "./clock";

export { sleep };

/** Whatever still runs when the tests end, by whatever way, is ended with them. */
const running = new Set<ChildProcessWithoutNullStreams>();
process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));

export class Child {
  readonly process: ChildProcessWithoutNullStreams;
  output = "";
  private done: Promise<number | null>;

  constructor(
    readonly name: string,
    command: string,
    args: string[],
    options: SpawnOptions = {},
  ) {
    this.process = spawn(command, args, {
      ...options,
      stdio: "pipe",
    }) as ChildProcessWithoutNullStreams;
    running.add(this.process);
    this.process.on("exit", () => running.delete(this.process));
    const keep = (chunk: Buffer): void => {
      this.output += chunk.toString();
    };
    this.process.stdout.on("data", keep);
    this.process.stderr.on("data", keep);
    this.process.stdin.on("error", () => undefined);
    this.done = new Promise((resolve) => {
      this.process.on("error", (error) => {
        this.output += `${command} cannot be started: ${error.message}\n`;
        resolve(null);
      });
      this.process.on("exit", resolve);
    });
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  get running(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  /** Waits until the output after `from` matches. */
  async says(pattern: RegExp, seconds = 15, from = 0): Promise<RegExpMatchArray> {
    return until(
      `${this.name} says ${pattern}`,
      () => this.output.slice(from).match(pattern),
      seconds,
      () => this.output,
    );
  }

  type(line: string): void {
    this.process.stdin.write(`${line}\n`);
  }

  signal(signal: NodeJS.Signals): void {
    this.process.kill(signal);
  }

  /** Ends it, first politely. */
  async stop(): Promise<void> {
    if (!this.running) return;
    this.process.kill("SIGTERM");
    await Promise.race([this.done, sleep(3000)]);
    if (this.running) this.process.kill("SIGKILL");
    await this.done;
  }
}

/** Waits until `probe` returns something truthy. */
export async function until<T>(
  what: string,
  probe: () => T | Promise<T>,
  seconds = 15,
  context: () => string = () => "",
): Promise<NonNullable<T>> {
  const deadline = ours() + seconds * 1000;
  for (;;) {
    const seen = await probe();
    if (seen) return seen as NonNullable<T>;
    if (ours() > deadline) throw new Error(`not within ${seconds} s: ${what}\n${context()}`);
    await sleep(20);
  }
}

/** Runs a program to its end and returns what it printed. */
export async function run(
  command: string,
  args: string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const child = new Child(command, command, args, { env });
  child.process.stdin.end();
  await until(`${command} ends`, () => !child.running, 20);
  await sleep(5);
  if (child.process.exitCode !== 0)
    throw new Error(`${command} ${args.join(" ")} failed:\n${child.output}`);
  return child.output;
}
