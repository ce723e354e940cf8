// The line to the server of a text that several people write: what goes over it is described in
// `crates/kit/src/coedit/frame.rs`. The text lives here too: without the network it is written on, and when the line is
// back both sides tell each other what they lack.
import * as Y from 'yjs';

/** Who else is there, and where. */
export interface Presence { key: string; name: string; place: string }

/** How the text stands with the server. */
export type Standing = 'opening' | 'stored' | 'storing' | 'away' | 'refused';

export interface Heard {
  standing(standing: Standing, why: string): void;
  /** Something of others is about to change the text or its carets. */
  before(): void;
  presence(others: Presence[]): void;
  advice(words: string): void;
}

const enum Kind { Sync = 0, Change = 1, Presence = 2, Stored = 3, Alive = 4, Refused = 5, Key = 6, Advice = 7 }

/** A line that says nothing for so long is dead: the server speaks each ten seconds. */
const SILENT = 25_000;
const WAITS = [300, 1_000, 2_000, 4_000, 8_000];

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class Line {
  private socket: WebSocket | null = null;
  private tries = 0;
  private heardAt = 0;
  private number = 0;
  /** Changes that the server has not said it stored. */
  private waiting = new Set<number>();
  /** Something was written that no line carried. */
  private unsent = false;
  private synced = false;
  private ended = false;
  private key = '';
  private timer = 0;
  private readonly watch = window.setInterval(() => this.look(), 5_000);

  constructor(private readonly url: string, private readonly doc: Y.Doc, private readonly heard: Heard) {
    doc.on('update', this.written);
    window.addEventListener('online', this.open);
    window.addEventListener('beforeunload', this.leaving);
    this.open();
  }

  /** Whether something written here is not stored there. */
  get owes(): boolean {
    return this.unsent || this.waiting.size > 0;
  }

  /** Whether the text was ever whole here. */
  get isOpen(): boolean {
    return this.synced;
  }

  /** Says where the writer is. */
  at(place: string): void {
    this.send(Kind.Presence, encoder.encode(place));
  }

  /** Ends the line, once all that was written here is stored. */
  end(): void {
    if (this.owes && !this.ended) {
      window.setTimeout(() => this.end(), 500);
      return;
    }
    this.ended = true;
    this.socket?.close();
    window.clearInterval(this.watch);
    window.clearTimeout(this.timer);
    window.removeEventListener('online', this.open);
    window.removeEventListener('beforeunload', this.leaving);
    this.doc.off('update', this.written);
  }

  private readonly leaving = (event: BeforeUnloadEvent): void => {
    if (this.owes) event.preventDefault();
  };

  private readonly written = (update: Uint8Array, origin: unknown): void => {
    if (origin === this) return;
    if (!this.change(update)) this.unsent = true;
    this.show();
  };

  private readonly open = (): void => {
    if (this.ended || this.socket) return;
    window.clearTimeout(this.timer);
    const socket = new WebSocket(this.url.replace(/^http/, 'ws'));
    socket.binaryType = 'arraybuffer';
    this.socket = socket;
    this.heardAt = Date.now();
    socket.addEventListener('open', () => this.send(Kind.Sync, Y.encodeStateVector(this.doc)));
    socket.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer>) => this.hear(new Uint8Array(data)));
    socket.addEventListener('close', () => this.lost(socket));
  };

  private hear(message: Uint8Array): void {
    this.heardAt = Date.now();
    const rest = message.subarray(1);
    switch (message[0]) {
      case Kind.Sync:
        // What the server lacks goes out: what was on its way when the line broke, and what others wrote that shows here
        // though the server lost it before it was stored.
        if (this.owes || this.knowsMoreThan(rest)) {
          this.waiting.clear();
          this.unsent = !this.change(Y.encodeStateAsUpdate(this.doc, rest));
        }
        break;
      case Kind.Change:
        this.heard.before();
        Y.applyUpdate(this.doc, rest, this);
        this.synced = true;
        this.tries = 0;
        break;
      case Kind.Presence:
        this.heard.before();
        this.heard.presence((JSON.parse(decoder.decode(rest)) as Presence[]).filter(({ key }) => key !== this.key));
        return;
      case Kind.Stored:
        this.waiting.delete(new DataView(rest.buffer, rest.byteOffset).getUint32(0));
        break;
      case Kind.Refused:
        this.refused(decoder.decode(rest));
        return;
      case Kind.Key:
        this.key = decoder.decode(rest);
        return;
      case Kind.Advice:
        this.heard.advice(decoder.decode(rest));
        return;
    }
    this.show();
  }

  private knowsMoreThan(state: Uint8Array): boolean {
    const there = Y.decodeStateVector(state);
    return [...Y.decodeStateVector(Y.encodeStateVector(this.doc))].some(([writer, clock]) => clock > (there.get(writer) ?? 0));
  }

  private change(update: Uint8Array): boolean {
    const number = (this.number = (this.number + 1) >>> 0);
    const numbered = new Uint8Array(4 + update.length);
    new DataView(numbered.buffer).setUint32(0, number);
    numbered.set(update, 4);
    if (!this.synced && !this.socket) return false;
    if (!this.send(Kind.Change, numbered)) return false;
    this.waiting.add(number);
    return true;
  }

  private send(kind: Kind, rest: Uint8Array): boolean {
    if (this.socket?.readyState !== WebSocket.OPEN) return false;
    const message = new Uint8Array(1 + rest.length);
    message[0] = kind;
    message.set(rest, 1);
    this.socket.send(message);
    return true;
  }

  private lost(socket: WebSocket): void {
    if (this.socket !== socket) return;
    this.socket = null;
    if (this.ended) return;
    this.heard.presence([]);
    this.show();
    const wait = WAITS[Math.min(this.tries++, WAITS.length - 1)] ?? 0;
    this.timer = window.setTimeout(this.open, wait);
    if (this.tries % 3 === 0) void this.ask();
  }

  /** A line that does not open says not why: the same address asked as a page does. */
  private async ask(): Promise<void> {
    const answer = await fetch(this.url, { headers: { accept: 'application/json' } }).catch(() => null);
    if (!answer || answer.ok || ![401, 403, 404, 422].includes(answer.status)) return;
    const said = (await answer.json().catch(() => ({}))) as { detail?: string; title?: string };
    this.refused(said.detail ?? said.title ?? 'Vous ne pouvez plus écrire ici.');
  }

  private refused(why: string): void {
    this.heard.standing('refused', why);
    this.ended = true;
    this.socket?.close();
  }

  private look(): void {
    if (this.socket && Date.now() - this.heardAt > SILENT) {
      const socket = this.socket;
      socket.close();
      // A dead network does not even say that the line is closed.
      this.lost(socket);
    }
  }

  private show(): void {
    const isUp = this.socket?.readyState === WebSocket.OPEN;
    if (!this.synced) this.heard.standing('opening', '');
    else if (!isUp) this.heard.standing('away', '');
    else this.heard.standing(this.owes ? 'storing' : 'stored', '');
  }
}
