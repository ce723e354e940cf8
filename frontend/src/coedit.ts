// A text that several people write at once. Loaded by the pages that have one; until its line is open, and where no line
// opens, the field is an editor like any other, sent with its form.
import { Extension } from '@tiptap/core';
import Collaboration from '@tiptap/extension-collaboration';
import { yCursorPlugin } from '@tiptap/y-tiptap';
import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { each, enhance, h } from './app.ts';
import { Line, type Presence, type Standing } from './coedit-line.ts';
import { attach, attachShared } from './editor.ts';

/** The text in the document; the server looks for it under the same name. */
const ROOT = 'default';
/** Tones of carets in the style sheet. */
const TONES = 6;
/** So long a line may take before the field is an editor of its own. */
const PATIENCE = 4_000;

const WORDS: Record<Standing, string> = {
  opening: 'Ouverture des notes…',
  stored: 'Tout est enregistré.',
  storing: 'Enregistrement…',
  away: 'Le réseau est coupé : continuez, rien n’est perdu. Tout partira à son retour.',
  refused: '',
};

function share(field: HTMLTextAreaElement): void {
  const form = field.form;
  const url = new URL(field.dataset['coedit'] ?? '', location.href).href;
  const doc = new Y.Doc();
  const awareness = new Awareness(doc);
  const state = h('p', { class: 'coedit-state', role: 'status' });
  const others = h('p', { class: 'coedit-others' });
  const advice = h('p', { class: 'error', role: 'alert' });
  const bar = h('div', { class: 'coedit-bar' }, state, others, advice);
  field.before(bar);
  // What was typed before the text is here would be lost.
  field.readOnly = true;
  advice.hidden = others.hidden = true;
  let frame: Element | null = null;
  let given = false;

  const line = new Line(url, doc, {
    standing: (standing, why) => {
      const words = standing === 'refused' ? `${why} Ce que vous avez écrit est encore ci-dessous : copiez-le si besoin.` : WORDS[standing];
      if (state.textContent !== words) state.textContent = words;
      state.dataset['standing'] = standing;
      if (standing !== 'opening' && standing !== 'refused') begin();
    },
    presence: (all) => show(all),
    advice: (words) => {
      advice.textContent = words;
      advice.hidden = !words;
    },
  });

  /** The text is here: it is written in place of the field, which its form no longer sends. */
  function begin(): void {
    if (frame || given) return;
    const editor = attachShared(field, [
      Collaboration.configure({ document: doc, field: ROOT }),
      Extension.create({ name: 'carets', addProseMirrorPlugins: () => [yCursorPlugin(awareness, { cursorBuilder: caret, selectionBuilder: chosen })] }),
    ]);
    frame = editor.view.dom.closest('.editor');
    field.removeAttribute('name');
    if (form) {
      delete form.dataset['quietAfter'];
      form.querySelector<HTMLInputElement>('input[name="version"]')?.removeAttribute('name');
      form.querySelectorAll<HTMLElement>('[data-alone]').forEach((part) => (part.hidden = true));
    }
    const gone = new MutationObserver(() => {
      if (frame?.isConnected) return;
      gone.disconnect();
      line.end();
      editor.destroy();
      awareness.destroy();
    });
    gone.observe(document.body, { childList: true, subtree: true });
  }

  function show(all: Presence[]): void {
    const mine = doc.clientID;
    const before = [...awareness.getStates().keys()].filter((id) => id !== mine);
    const states = new Map(all.map(({ key, name, place }) => [number(key), { user: { name, tone: number(key) % TONES }, cursor: place ? (JSON.parse(place) as object) : null }]));
    before.forEach((id) => awareness.states.delete(id));
    states.forEach((one, id) => awareness.states.set(id, one));
    awareness.emit('change', [{ added: [...states.keys()], updated: [], removed: before }, 'line']);
    const names = [...new Set(all.map(({ name }) => name))];
    others.textContent = names.length ? `Écrivent aussi ici : ${names.join(', ')}` : '';
    others.hidden = names.length === 0;
  }

  let said = '';
  awareness.on('change', (_: unknown, origin: unknown) => {
    if (origin !== 'local') return;
    const place = JSON.stringify(awareness.getLocalState()?.['cursor'] ?? null);
    if (place !== said) line.at((said = place) === 'null' ? '' : place);
  });

  window.setTimeout(() => {
    if (frame || line.isOpen) return;
    given = true;
    line.end();
    bar.remove();
    field.readOnly = false;
    attach(field);
  }, PATIENCE);
}

/** A key as a number, the same on each screen. */
function number(key: string): number {
  let sum = 7;
  for (const letter of key) sum = (sum * 31 + letter.charCodeAt(0)) >>> 0;
  return sum;
}

interface User { name: string; tone: number }

function caret(user: User): HTMLElement {
  return h('span', { class: `caret caret--${user.tone}`, 'aria-hidden': 'true' }, h('span', { class: 'caret-name' }, user.name));
}

function chosen(user: User): { class: string } {
  return { class: `chosen chosen--${user.tone}` };
}

enhance((root) => each<HTMLTextAreaElement>(root, 'textarea[data-coedit]', share));
