/** The service's HTTP interface. */

import type { IdentityCard } from "./protocol";

/** Somebody to sign in as, where the service runs with its development sign-in. */
export type Person = { id: string; card: IdentityCard };

/** Who is signed in; `undefined` if nobody is. */
export async function me(): Promise<IdentityCard | undefined> {
  const response = await fetch("/api/me");
  if (response.status === 401) return undefined;
  return (await expectOk(response).json()) as IdentityCard;
}

export async function people(): Promise<Person[]> {
  return (await expectOk(await fetch("/api/people")).json()) as Person[];
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

export async function signOut(): Promise<void> {
  expectOk(await fetch("/api/sign-out", { method: "POST" }));
}

function expectOk(response: Response): Response {
  if (!response.ok) throw new Error(`the service answered ${response.status}`);
  return response;
}
