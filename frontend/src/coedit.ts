// A text that several people write at once. Loaded by the pages that have one; until its line is open, and where no line
// opens, the field is an editor like any other, sent with its form.
import type { EditorView } from '@tiptap/pm/view';
import Collaboration from '@tiptap/extension-collaboration';
import * as Y from 'yjs';
import { each, enhance, h } from './app.ts';
import { carets, showCarets } from './coedit-carets.ts';
import { Line, type Presence, type Standing } from './coedit-line.ts';
import { attach, attachShared } from './editor.ts';

/** The text in the document; the server looks for it under the same name. */
const ROOT = 'default';
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
  const state = h('p', { class: 'coedit-state', role: 'status' });
  const others = h('p', { class: 'coedit-others' });
  const advice = h('p', { class: 'error', role: 'alert' });
  const bar = h('div', { class: 'coedit-bar', 'data-standing': 'opening' }, state, others, advice);
  field.before(bar);
  // What was typed before the text is here would be lost.
  field.hidden = true;
  advice.hidden = others.hidden = true;
  let frame: Element | null = null;
  let given = false;
  let view: EditorView | null = null;

  const line = new Line(url, doc, {
    standing: (standing, why) => {
      const words = standing === 'refused' ? `${why} Ce que vous avez écrit est encore ci-dessous : copiez-le si besoin.` : WORDS[standing];
      if (state.textContent !== words) state.textContent = words;
      bar.dataset['standing'] = standing;
      if (standing !== 'opening' && standing !== 'refused') begin();
    },
    before: () => view && settle(view),
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
      carets((place) => line.at(place)),
    ]);
    view = editor.view;
    frame = view.dom.closest('.editor');
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
      view = null;
      editor.destroy();
    });
    gone.observe(document.body, { childList: true, subtree: true });
  }

  function show(all: Presence[]): void {
    if (view) showCarets(view, all);
    const names = [...new Set(all.map(({ name }) => name))];
    others.textContent = names.length ? `Écrivent aussi ici : ${names.join(', ')}` : '';
    others.hidden = names.length === 0;
  }

  window.setTimeout(() => {
    if (frame || line.isOpen) return;
    given = true;
    line.end();
    bar.remove();
    field.hidden = false;
    attach(field);
  }, PATIENCE);
}

/**
 * Has the editor read what the browser did and did not say yet, a letter or a caret that moved: what comes from others
 * would be drawn over it.
 */
function settle(view: EditorView): void {
  const { domObserver } = view as unknown as { domObserver: { flush(): void; forceFlush(): void } };
  domObserver.forceFlush();
  domObserver.flush();
}

enhance((root) => each<HTMLTextAreaElement>(root, 'textarea[data-coedit]', share));
