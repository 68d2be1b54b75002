/** The service's HTTP interface. */

import type { IdentityCard } from "./protocol";

/** Somebody whom the service knows. */
export type Person = {
  id: string;
  card: IdentityCard;
  /** Whether an identity provider signs this person in. */
  provider?: boolean;
};

/** Who is signed in; `undefined` if nobody is. */
export async function me(): Promise<Person | undefined> {
  const response = await fetch("/api/me");
  if (response.status === 401) return undefined;
  return (await expectOk(response).json()) as Person;
}

/** The ways to sign in. */
export type Ways = {
  /** Whether one may simply choose who to be. */
  development: boolean;
  /** The organisations whose identity providers the service knows. */
  tenants: { id: string; name: string }[];
};

export async function ways(): Promise<Ways> {
  return (await expectOk(await fetch("/api/sign-in")).json()) as Ways;
}

/** Everybody whom the development sign-in offers. */
export async function people(): Promise<Person[]> {
  const { people } = (await expectOk(await fetch("/api/people")).json()) as { people: Person[] };
  return people;
}

export async function signIn(person: string): Promise<void> {
  expectOk(
    await fetch("/api/sign-in", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ person }),
    }),
  );
}

/** Signs in more strongly: afterwards the sign-in has this authentication context. */
export async function stepUp(context: string): Promise<void> {
  expectOk(
    await fetch("/api/step-up", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ context }),
    }),
  );
}

export async function signOut(): Promise<void> {
  expectOk(await fetch("/api/sign-out", { method: "POST" }));
}

function expectOk(response: Response): Response {
  if (!response.ok) throw new Error(`the service answered ${response.status}`);
  return response;
}
