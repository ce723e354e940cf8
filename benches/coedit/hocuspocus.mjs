// The server that ours is compared with: its documents are stored in files, as ours are in a database.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Database } from '@hocuspocus/extension-database';
import { Server } from '@hocuspocus/server';

const dir = process.argv[2];
const file = (name) => join(dir, `${encodeURIComponent(name)}.bin`);
const server = new Server({
  port: 0,
  address: '127.0.0.1',
  quiet: true,
  extensions: [new Database({
    fetch: ({ documentName }) => readFile(file(documentName)).catch(() => null),
    store: ({ documentName, state }) => writeFile(file(documentName), state),
  })],
});
await server.listen();
console.log(`listening on ws://127.0.0.1:${server.address.port}`);
