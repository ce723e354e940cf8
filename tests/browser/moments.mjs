// Moments that journeys wait for, and files that they compare.
import { createHash } from 'node:crypto';

/** A minute that comes soon, and how the clocks of the network show it: a session can be closed once it has begun. */
export function soon(seconds = 20) {
  const at = new Date(Math.ceil((Date.now() + seconds * 1000) / 60_000) * 60_000);
  return { at, shown: at.toLocaleString('sv', { timeZone: 'Europe/Paris' }).slice(0, 16).replace(' ', 'T') };
}

/** What a link leads to, as a file: its first bytes and its print. */
export async function file(page, address) {
  const bytes = await page.evaluate(async (url) => Array.from(new Uint8Array(await (await fetch(url)).arrayBuffer())), address);
  return { start: String.fromCharCode(...bytes.slice(0, 5)), print: createHash('sha256').update(Buffer.from(bytes)).digest('hex') };
}
