// How long a letter takes to show on another screen with so many people writing, here and with @hocuspocus/server, in
// the same run under the same load. One writer is measured, fifteen letters a second; the others write five a second each, from
// processes of their own, as they would from machines of their own.
// `node run.mjs ESPLANADE` (a release build); prints JSON.
import { fork, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as Y from 'yjs';
import * as clients from './clients.mjs';
import { paragraph } from './paragraph.mjs';

const WRITERS = [2, 20, 100];
const ROUNDS = 3;
const LETTERS = 120;
/** Documents that are open at once when memory is looked at, of a dozen pages each. */
const DOCUMENTS = 100;
const MEASURED_EVERY = 66;
const OTHERS_EVERY = 200;

const dir = await mkdtemp(join(tmpdir(), 'bench-coedit-'));
const started = [];
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

function start(command, args, env = {}) {
  const process_ = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(process_);
  return new Promise((done, fail) => {
    let said = '';
    process_.stdout.on('data', (data) => {
      const found = (said += data).match(/listening on (\S+)/);
      if (found) done({ pid: process_.pid, address: found[1] });
    });
    process_.on('exit', (code) => fail(new Error(`${command} ended: ${code}`)));
  });
}

/** Memory of a process's own, in kilobytes: without the pages of mapped files. */
const rss = async (pid) => Number((await readFile(`/proc/${pid}/status`, 'utf8')).match(/RssAnon:\s+(\d+)/)[1]);

/** So many sessions of the demonstration that are open, ready for notes: the addresses of their lines, and a cookie. */
async function session(address, count) {
  let cookie = '';
  const ask = async (path, form) => {
    const answer = await fetch(new URL(path, address), {
      method: form ? 'POST' : 'GET', redirect: 'manual', headers: { cookie }, ...(form ? { body: new URLSearchParams(form) } : {}),
    });
    const given = answer.headers.getSetCookie().find((one) => one.startsWith('esplanade_session='));
    if (given) cookie = given.split(';')[0];
    return answer;
  };
  await ask('/connexion', { email: 'coordination@demo.example', password: 'promenade-en-ligne' });
  const blank = await (await ask('/espace/gouvernance/reunions/nouvelle')).text();
  const committee = blank.match(/<option value="([0-9a-f-]{36})"/)[1];
  const soon = new Date(Date.now() + 3_600_000).toLocaleString('sv', { timeZone: 'Europe/Paris' }).slice(0, 16).replace(' ', 'T');
  const notes = [];
  for (let at = 0; at < count; at += 1) {
    const planned = await ask('/espace/gouvernance/reunions/nouvelle', { comite: committee, titre: `Mesure ${at}`, moment: soon, duree: '120', lieu: 'Valence' });
    const meeting = planned.headers.get('location');
    if (!meeting) throw new Error(`no meeting: ${planned.status}`);
    const path = new URL(meeting, address).pathname;
    const opened = await ask(`${path}/seance`, {});
    if (opened.status !== 303) throw new Error(`no session: ${opened.status}`);
    notes.push(`${address.replace('http', 'ws')}${path}/seance/notes/${path.split('/').pop()}/ligne`);
  }
  return { notes, cookie };
}

/** So many people who write beside those who are measured, on machines of their own: a process. */
async function crowd(kind, url, headers, count) {
  const child = fork(new URL('crowd.mjs', import.meta.url), [kind, url, JSON.stringify(headers), String(count), String(OTHERS_EVERY)]);
  await new Promise((done, fail) => {
    child.once('message', done);
    child.once('exit', (code) => fail(new Error(`the crowd left: ${code}`)));
  });
  child.removeAllListeners('exit');
  return child;
}

async function measure(kind, url, headers, writers) {
  const mine = new Y.Doc();
  const shown = new Y.Doc();
  // The screen that is looked at comes in the middle of the others: a server tells them in the order of their coming.
  const before = Math.floor((writers - 1) / 2);
  const crowds = [await crowd(kind, url, headers, before)];
  const sockets = [await clients[kind](url, headers, shown, true), await clients[kind](url, headers, mine, true)];
  const text = paragraph(mine);
  crowds.push(await crowd(kind, url, headers, writers - 1 - before));
  const sentAt = [];
  const took = [];
  let found;
  shown.on('update', () => {
    found ??= shown.getXmlFragment('default').toArray().map((one) => one.get(0)).find((one) => one?.toString().startsWith('#'));
    const length = found ? found.length - 1 : 0;
    while (took.length < length) took.push(performance.now() - sentAt[took.length]);
  });
  text.insert(0, '#');
  await pause(1_000);
  for (let at = 0; at < LETTERS; at += 1) {
    sentAt.push(performance.now());
    text.insert(text.length, 'a');
    await pause(MEASURED_EVERY);
  }
  for (let tries = 0; tries < 100 && took.length < LETTERS; tries += 1) await pause(50);
  crowds.forEach((one) => one.kill());
  sockets.forEach((socket) => socket.close());
  if (took.length < LETTERS) throw new Error(`${LETTERS - took.length} letters never came`);
  return took;
}

/** Memory of one open document with one writer, in kilobytes. */
async function perDocument(pid, notes, cookie) {
  // What the preparation freed is given back first.
  await pause(20_000);
  const before = await rss(pid);
  const sockets = [];
  for (const note of notes) {
    const doc = new Y.Doc();
    sockets.push(await clients.esplanade(note, { cookie }, doc, false));
    const text = paragraph(doc);
    for (let at = 0; at < 100; at += 1) text.insert(text.length, 'Trois promeneurs sont en poste dans dix-huit structures du département, deux recrutements sont en cours dans le nord et un dans le Diois. '.repeat(2));
    await pause(20);
  }
  await pause(3_000);
  const after = await rss(pid);
  sockets.forEach((socket) => socket.close());
  return Math.round((after - before) / notes.length);
}

const quantile = (all, q) => [...all].sort((a, b) => a - b)[Math.floor(all.length * q)];

try {
  const ours = await start(process.argv[2], ['demo', '--data-dir', join(dir, 'demo'), '--listen', '127.0.0.1:0'], { ESPLANADE_LOG: 'error' });
  const theirs = await start('node', [new URL('hocuspocus.mjs', import.meta.url).pathname, dir]);
  const { notes, cookie } = await session(ours.address, WRITERS.length * ROUNDS + DOCUMENTS);
  const results = {};
  results.kb_per_document = await perDocument(ours.pid, notes.splice(0, DOCUMENTS), cookie);
  for (const writers of process.argv[3] === 'memory' ? [] : WRITERS) {
    const took = { esplanade: [], hocuspocus: [] };
    for (let round = 0; round < ROUNDS; round += 1) {
      took.esplanade.push(...await measure('esplanade', notes.shift(), { cookie }, writers));
      took.hocuspocus.push(...await measure('hocuspocus', `${theirs.address}/?round=${writers}-${round}`, {}, writers));
    }
    const of = (all) => ({ median_ms: +quantile(all, 0.5).toFixed(2), p95_ms: +quantile(all, 0.95).toFixed(2) });
    const [one, other] = [of(took.esplanade), of(took.hocuspocus)];
    results[`${writers} writers`] = { esplanade: one, hocuspocus: other, ratio: +(one.median_ms / other.median_ms).toFixed(2), ratio_p95: +(one.p95_ms / other.p95_ms).toFixed(2) };
  }
  console.log(JSON.stringify(results, null, 2));
} finally {
  started.forEach((one) => { one.removeAllListeners('exit'); one.kill(); });
  await rm(dir, { recursive: true, force: true, maxRetries: 5 });
}
process.exit(0);
