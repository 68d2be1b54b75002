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

/** What a helper noted of a session. */
export type Note = { session: string; at: string; author: string | null; text: string };

/** What was noted of the sharer of an own session, the newest first; nothing where no notes are kept. */
export async function notes(session: string): Promise<Note[] | undefined> {
  const response = await fetch(`/api/notes/${session}`);
  if (response.status === 404) return undefined;
  return ((await expectOk(response).json()) as { notes: Note[] }).notes;
}

/** Notes `text` of an own session, in the place of what was noted of it before. */
export async function keepNote(session: string, text: string): Promise<void> {
  expectOk(
    await fetch(`/api/notes/${session}`, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ text }),
    }),
  );
}

function expectOk(response: Response): Response {
  if (!response.ok) throw new Error(`the service answered ${response.status}`);
  return response;
}
