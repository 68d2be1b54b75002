/** The real service and the real agent, as a user starts them. */

import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

import type { Desktop } from "./desktop";
import { Child } from "./process";

const root = resolve(import.meta.dirname, "../../..");
const programs =
  process.env["RH_BIN_DIR"] ??
  join(process.env["CARGO_TARGET_DIR"] ?? join(root, "target"), "debug");

/** The path of one of our programs. */
export function program(name: string): string {
  const path = join(programs, name);
  if (!existsSync(path)) throw new Error(`${path} is not built: run cargo build first`);
  return path;
}

export class Service {
  private constructor(
    readonly child: Child,
    readonly url: string,
  ) {}

  static async start(args: string[] = []): Promise<Service> {
    const listen = args.includes("--listen") ? [] : ["--listen", "127.0.0.1:0"];
    const child = new Child("rh-service", program("rh-service"), [...listen, ...args]);
    const [, url] = await child.says(/listening on (https?:\/\/\S+)/);
    return new Service(child, (url ?? "").replace(/\/$/, ""));
  }

  stop(): Promise<void> {
    return this.child.stop();
  }
}

export type AgentOptions = {
  service: string;
  desktop: Desktop;
  code?: string;
  args?: string[];
  /** Runs the agent within a network namespace. */
  namespace?: string;
  /** What its environment has beside. */
  env?: NodeJS.ProcessEnv;
};

/** Starts `rh-agent share`. */
export function agent(options: AgentOptions): Child {
  const { service, desktop, code, args = [], namespace, env = {} } = options;
  const share = [
    "share",
    "--service",
    service,
    ...(code === undefined ? [] : ["--code", code]),
    ...args,
  ];
  const command = [program("rh-agent"), ...share];
  const [first, ...rest] =
    namespace === undefined ? command : ["ip", "netns", "exec", namespace, ...command];
  return new Child("rh-agent", first ?? "", rest, { env: { ...desktop.env, ...env } });
}
