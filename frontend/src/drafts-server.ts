// Drafts on the server, so that another machine finds them. It may be away: nothing here waits for it.

export interface Draft { version: string; at: number; values: [string, string[]][] }
export interface Known { draft: Draft | null; forgotten: number }
export type Fate = 'kept' | 'away' | 'too-long';

const address = '/espace/brouillons';
/** By how much the server's clock is ahead of this one, in milliseconds. */
let ahead = 0;

/** Now, as the server counts it: drafts of several machines are compared. */
export function serverNow(): number {
  return Date.now() + ahead;
}

/** Forms of the private side; the others belong to nobody's account. */
export function isShared(key: string): boolean {
  return key.startsWith('/espace/') && document.body.classList.contains('space');
}

/** What the server knows of a form; null when it is away. */
export async function ask(key: string): Promise<Known | null> {
  const answer = await call(`${address}?formulaire=${encodeURIComponent(key)}`);
  if (!answer?.ok) return null;
  const { brouillon, oublie } = await answer.json() as { brouillon: Draft | null; oublie: number | null };
  return { draft: brouillon, forgotten: oublie ?? 0 };
}

export async function send(key: string, draft: Draft, signal: AbortSignal): Promise<Fate> {
  const answer = await call(address, { method: 'POST', body: body(key, draft), signal });
  if (answer?.ok) return 'kept';
  return answer?.status === 413 ? 'too-long' : 'away';
}

/** The same as the page goes away. */
export function sendLast(key: string, draft: Draft): void {
  navigator.sendBeacon(address, body(key, draft));
}

export function forget(key: string): void {
  void call(`${address}/oublier`, { method: 'POST', body: new URLSearchParams({ formulaire: key }), keepalive: true });
}

function body(key: string, { version, at, values }: Draft): URLSearchParams {
  return new URLSearchParams({ formulaire: key, version, saisi: String(Math.round(at)), champs: JSON.stringify(values) });
}

async function call(url: string, options: RequestInit = {}): Promise<Response | null> {
  const left = Date.now();
  const answer = await fetch(url, { ...options, headers: { accept: 'application/json' } }).catch(() => null);
  const told = answer?.ok ? (await answer.clone().json().catch(() => null) as { maintenant?: number } | null)?.maintenant : undefined;
  if (told) ahead = told - (left + Date.now()) / 2;
  return answer;
}
