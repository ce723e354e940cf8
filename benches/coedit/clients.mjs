// Clients of both servers, as far as a text goes: what is written here goes out at once, what comes in is given on.
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import WebSocket from 'ws';
import * as sync from 'y-protocols/sync';
import * as Y from 'yjs';

function open(url, headers, hear) {
  return new Promise((done, fail) => {
    const socket = new WebSocket(url, { headers, perMessageDeflate: false });
    socket.binaryType = 'nodebuffer';
    socket.on('message', (data) => hear(socket, data));
    socket.on('open', () => done(socket));
    socket.on('error', fail);
  });
}

/** A line of Esplanade's (crates/kit/src/coedit/frame.rs). */
export async function esplanade(url, headers, doc, listens) {
  let number = 0;
  let ready;
  const whole = new Promise((done) => { ready = done; });
  const socket = await open(url, headers, (_, data) => {
    if (data[0] === 1 && listens) Y.applyUpdate(doc, data.subarray(1), 'line');
    if (data[0] === 1) ready();
    if (data[0] === 5) throw new Error(data.subarray(1).toString());
  });
  socket.send(Buffer.concat([Buffer.from([0]), Y.encodeStateVector(doc)]));
  await whole;
  doc.on('update', (update, origin) => {
    if (origin === 'line') return;
    const head = Buffer.alloc(5);
    head[0] = 1;
    head.writeUInt32BE(number = (number + 1) >>> 0, 1);
    socket.send(Buffer.concat([head, update]));
  });
  return socket;
}

/** A connection of Hocuspocus, to the document that the address names. */
export async function hocuspocus(url, _, doc, listens) {
  const name = new URL(url).searchParams.get('round');
  const message = (type, write) => {
    const encoder = encoding.createEncoder();
    encoding.writeVarString(encoder, name);
    encoding.writeVarUint(encoder, type);
    write(encoder);
    return encoding.toUint8Array(encoder);
  };
  let ready;
  const whole = new Promise((done) => { ready = done; });
  const socket = await open(url, {}, (socket, data) => {
    const decoder = decoding.createDecoder(data);
    decoding.readVarString(decoder);
    const type = decoding.readVarUint(decoder);
    // 2: it agrees that we are who we are, and the text may be asked for. 0 and 4: of the text.
    if (type === 2) return socket.send(message(0, (encoder) => sync.writeSyncStep1(encoder, doc)));
    if (type !== 0 && type !== 4) return;
    const kind = decoding.readVarUint(decoder);
    const bytes = decoding.readVarUint8Array(decoder);
    if (kind === sync.messageYjsSyncStep1) {
      return socket.send(message(0, (encoder) => sync.writeSyncStep2(encoder, doc, bytes)));
    }
    if (listens) Y.applyUpdate(doc, bytes, 'line');
    if (kind === sync.messageYjsSyncStep2) ready();
  });
  socket.send(message(2, (encoder) => { encoding.writeVarUint(encoder, 0); encoding.writeVarString(encoder, ''); }));
  await whole;
  doc.on('update', (update, origin) => {
    if (origin !== 'line') socket.send(message(0, (encoder) => sync.writeUpdate(encoder, update)));
  });
  return socket;
}
