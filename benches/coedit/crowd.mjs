// People who write at once, each on a line of their own: `node crowd.mjs KIND URL HEADERS COUNT EVERY_MS`.
import * as Y from 'yjs';
import * as clients from './clients.mjs';
import { paragraph } from './paragraph.mjs';

const [kind, url, headers, count, every] = process.argv.slice(2);
for (let at = 0; at < Number(count); at += 1) {
  const doc = new Y.Doc();
  await clients[kind](url, JSON.parse(headers), doc, false);
  const own = paragraph(doc);
  await new Promise((done) => { setTimeout(done, Number(every) / Number(count)); });
  setInterval(() => own.insert(own.length, 'x'), Number(every));
}
// Nobody to wait for must not end it.
setInterval(() => {}, 3_600_000);
process.send('here');
