// Where others are in a text that several people write, and where the writer of this screen is.
import { Extension } from '@tiptap/core';
import { type EditorState, Plugin, PluginKey } from '@tiptap/pm/state';
import { Decoration, DecorationSet, type EditorView } from '@tiptap/pm/view';
import { absolutePositionToRelativePosition, relativePositionToAbsolutePosition, ySyncPluginKey } from '@tiptap/y-tiptap';
import * as Y from 'yjs';
import { h } from './app.ts';
import type { Presence } from './coedit-line.ts';

/** Tones of carets in the style sheet. */
const TONES = 6;

/** A selection as it is told to others: places that stay right whatever is written around them. */
interface Place { anchor: unknown; head: unknown }
/** What Yjs and the editor know of each other, once they do. */
interface Bound { doc: Y.Doc; type: Y.XmlFragment; binding: { mapping: never } | null }

const key = new PluginKey<Presence[]>('carets');
const bound = (state: EditorState): Bound => ySyncPluginKey.getState(state) as Bound;

/** Draws others' carets, and says where this one is; an empty place while it is elsewhere. */
export function carets(at: (place: string) => void): Extension {
  let said = '';
  const say = (view: EditorView) => {
    const { doc, type, binding } = bound(view.state);
    if (!doc || !binding) return;
    const { anchor, head } = view.state.selection;
    const relative = (place: number): unknown => absolutePositionToRelativePosition(place, type, binding.mapping);
    const place = view.hasFocus() ? JSON.stringify({ anchor: relative(anchor), head: relative(head) }) : '';
    if (place !== said) at((said = place));
  };
  const plugin = new Plugin<Presence[]>({
    key,
    state: { init: () => [], apply: (tr, others) => (tr.getMeta(key) as Presence[] | undefined) ?? others },
    props: {
      decorations: (state) => DecorationSet.create(state.doc, (key.getState(state) ?? []).flatMap((one) => drawn(state, one))),
      handleDOMEvents: { focus: (view) => say(view), blur: (view) => say(view) },
    },
    view: () => ({ update: say }),
  });
  return Extension.create({ name: 'carets', addProseMirrorPlugins: () => [plugin] });
}

/** Shows where others now are. */
export function showCarets(view: EditorView, others: Presence[]): void {
  view.dispatch(view.state.tr.setMeta(key, others).setMeta('addToHistory', false));
}

function drawn(state: EditorState, { key: who, name, place }: Presence): Decoration[] {
  const { doc, type, binding } = bound(state);
  if (!place || !doc || !binding) return [];
  const [from, to] = ends(place, doc, type, binding.mapping).map((one) => Math.min(one, Math.max(state.doc.content.size - 1, 0)));
  if (from === undefined || to === undefined) return [];
  const tone = number(who) % TONES;
  const caret = () => h('span', { class: `caret caret--${tone}`, 'aria-hidden': 'true' }, h('span', { class: 'caret-name' }, name));
  return [
    Decoration.widget(to, caret, { key: who, side: 10 }),
    Decoration.inline(Math.min(from, to), Math.max(from, to), { class: `chosen chosen--${tone}` }, { inclusiveEnd: true }),
  ];
}

/** Where a place begins and ends in the text of this screen; nothing when it is not there, or no place at all. */
function ends(place: string, doc: Y.Doc, type: Y.XmlFragment, mapping: never): number[] {
  try {
    const { anchor, head } = JSON.parse(place) as Place;
    const found = [anchor, head].map((one) => relativePositionToAbsolutePosition(doc, type, Y.createRelativePositionFromJSON(one), mapping));
    return found.every((one) => one !== null) ? found : [];
  } catch {
    // What stands there came from another browser.
    return [];
  }
}

/** A key as a number, the same on each screen. */
function number(text: string): number {
  let sum = 7;
  for (const letter of text) sum = (sum * 31 + letter.charCodeAt(0)) >>> 0;
  return sum;
}
