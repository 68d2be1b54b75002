/** A whole world for one test: desktop, service, agent and helper, put away in the right order. */

import { agent, Service, type AgentOptions } from "./service";
import { Desktop } from "./desktop";
import { Helper, type Role } from "./helper";
import type { Child } from "./process";

export class World {
  private agents: Child[] = [];
  private helpers: Helper[] = [];

  private constructor(
    readonly desktop: Desktop,
    readonly service: Service,
  ) {}

  static async start(screen?: string): Promise<World> {
    const [desktop, service] = await Promise.all([Desktop.start(screen), Service.start()]);
    return new World(desktop, service);
  }

  async helper(): Promise<Helper> {
    const helper = await Helper.open(this.service.url);
    this.helpers.push(helper);
    return helper;
  }

  agent(options: Partial<AgentOptions> = {}): Child {
    const child = agent({ service: this.service.url, desktop: this.desktop, ...options });
    this.agents.push(child);
    return child;
  }

  /** A session up to the sharer's answer, which is `answer`. */
  async session(
    role: Role,
    answer = "y",
    options: Partial<AgentOptions> = {},
  ): Promise<{ helper: Helper; agent: Child }> {
    const helper = await this.helper();
    const child = this.agent({ code: await helper.newSession(), ...options });
    await helper.ask(role);
    await child.says(/\[y\/N\]: $/);
    child.type(answer);
    if (answer === "y") await helper.watching(role);
    return { helper, agent: child };
  }

  /** Puts the sessions away; desktop and service stay. */
  async clear(): Promise<void> {
    for (const helper of this.helpers.splice(0)) await helper.close();
    for (const child of this.agents.splice(0)) await child.stop();
  }

  async stop(): Promise<void> {
    await this.clear();
    await this.service.stop();
    await this.desktop.stop();
  }
}
