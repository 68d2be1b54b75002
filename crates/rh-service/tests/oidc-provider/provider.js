// An OpenID provider for the tests: the certified `oidc-provider`, with three people and no passwords.
//
// Prints its issuer, and ends when its input does. Who signs in is said by posting `login=NAME` to the
// interaction that a browser is led to. `POST /test/client` sets a client up: its metadata, and in
// `rh` what the tests want of it: `grants`, the authentication contexts that it gives.

import { once } from "node:events";
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const PEOPLE = {
  ann: { name: "Ann Example", job_title: "Support", organization: "Example Ltd" },
  bob: { name: "Bob Example", job_title: "Accounting", organization: "Example Ltd" },
  eve: { name: "Eve Elsewhere", email: "eve@example.com", email_verified: false },
};

const clients = new Map();
const server = createServer();
server.listen(0, "127.0.0.1");
await once(server, "listening");
const issuer = `http://127.0.0.1:${server.address().port}`;

/** What the provider remembers, all of it in memory; its clients are those of the tests. */
class Memory {
  static kept = new Map();
  constructor(model) {
    this.model = model;
  }
  key(id) {
    return `${this.model} ${id}`;
  }
  find(id) {
    return Promise.resolve(this.model === "Client" ? clients.get(id) : Memory.kept.get(this.key(id)));
  }
  findBy(name, value) {
    const all = [...Memory.kept].filter(([key]) => key.startsWith(`${this.model} `));
    return Promise.resolve(all.map(([, kept]) => kept).find((kept) => kept[name] === value));
  }
  findByUid(uid) {
    return this.findBy("uid", uid);
  }
  findByUserCode(code) {
    return this.findBy("userCode", code);
  }
  upsert(id, payload) {
    Memory.kept.set(this.key(id), payload);
    return Promise.resolve();
  }
  consume(id) {
    Memory.kept.get(this.key(id)).consumed = Math.floor(Date.now() / 1000);
    return Promise.resolve();
  }
  destroy(id) {
    Memory.kept.delete(this.key(id));
    return Promise.resolve();
  }
  revokeByGrantId(grant) {
    for (const [key, kept] of Memory.kept) if (kept.grantId === grant) Memory.kept.delete(key);
    return Promise.resolve();
  }
}

const page = (title, body) => `<!doctype html><title>${title}</title><h1>${title}</h1>${body}`;

const provider = new Provider(issuer, {
  adapter: Memory,
  cookies: { keys: ["only for tests"] },
  clientDefaults: { token_endpoint_auth_method: "client_secret_basic" },
  extraClientMetadata: { properties: ["rh"] },
  claims: {
    openid: ["sub", "oid", "tid"],
    profile: ["name", "job_title", "organization", "picture"],
    email: ["email", "email_verified"],
    acrs: null,
  },
  features: {
    devInteractions: { enabled: false },
    claimsParameter: { enabled: true },
    backchannelLogout: { enabled: true },
    deviceFlow: {
      enabled: true,
      userCodeInputSource: (ctx, form) => (ctx.body = page("Code", form)),
      userCodeConfirmSource: (ctx, form) => (ctx.body = page("Confirm", form)),
      successSource: (ctx) => (ctx.body = page("Done", "")),
    },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => (ctx.body = page("Sign out", form)),
      postLogoutSuccessSource: (ctx) => (ctx.body = page("Signed out", "")),
    },
  },
  // Here everything is on one machine, which a real provider must not be led to.
  fetch: (url, options) => fetch(url, { ...options, dispatcher: undefined }),
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  pkce: { required: () => true },
  async findAccount(ctx, accountId) {
    const person = PEOPLE[accountId];
    if (person === undefined) return undefined;
    const granted = ctx.oidc.client?.rh?.grants ?? [];
    return {
      accountId,
      claims(_use, _scope, wanted) {
        const context = wanted?.acrs?.value;
        const acrs = granted.includes(context) ? { acrs: [context] } : {};
        const picture = `${issuer}/test/picture/${accountId}.png`;
        return { sub: accountId, oid: `object-${accountId}`, tid: "directory", picture, ...person, ...acrs };
      },
    };
  },
  async loadExistingGrant(ctx) {
    const { client, session, provider } = ctx.oidc;
    const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope("openid profile email");
    grant.addOIDCClaims(["acrs"]);
    await grant.save();
    return grant;
  },
});

async function body(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}

async function interaction(request, response) {
  if (request.method !== "POST") {
    const people = Object.keys(PEOPLE).map(
      (name) => `<button name="login" value="${name}">${PEOPLE[name].name}</button>`,
    );
    const form = `<form method="post">${people.join("")}<button name="refuse" value="1">No</button></form>`;
    response.setHeader("content-type", "text/html; charset=utf-8");
    return response.end(page("Who are you?", form));
  }
  const said = new URLSearchParams(await body(request));
  const result = said.has("refuse")
    ? { error: "access_denied", error_description: "the person said no" }
    : { login: { accountId: said.get("login") } };
  return provider.interactionFinished(request, response, result);
}

/** A picture of one pixel. */
const PICTURE = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==",
  "base64",
);

const answer = provider.callback();
server.on("request", (request, response) => {
  const { pathname } = new URL(request.url, issuer);
  if (pathname === "/test/client") {
    body(request).then((text) => {
      const client = JSON.parse(text);
      clients.set(client.client_id, client);
      response.end();
    });
  } else if (pathname.startsWith("/test/picture/")) {
    response.setHeader("content-type", "image/png");
    response.end(PICTURE);
  } else if (pathname.startsWith("/interaction/")) {
    interaction(request, response).catch((error) => {
      response.statusCode = 400;
      response.end(String(error));
    });
  } else {
    answer(request, response);
  }
});

// Nobody reads on once the issuer was said.
process.stdout.on("error", () => undefined);
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
console.log(`issuer ${issuer}`);
