// The bar above the text: buttons named in words, one stop of the keyboard, arrows within.
import type { Editor } from '@tiptap/core';
import { h } from './app.ts';

interface Dialogs { link(): void; picture(): void; describe(): void }
interface Tool {
  label: string;
  /** Said in full when the label is short. */
  title?: string;
  run(): void;
  isOn?(): boolean;
  can?(): boolean;
}

export function toolbar(editor: Editor, dialogs: Dialogs): HTMLElement {
  const chain = () => editor.chain().focus();
  const groups: Tool[][] = [
    [
      { label: 'Titre', run: () => chain().toggleHeading({ level: 2 }).run(), isOn: () => editor.isActive('heading', { level: 2 }) },
      { label: 'Sous-titre', run: () => chain().toggleHeading({ level: 3 }).run(), isOn: () => editor.isActive('heading', { level: 3 }) },
    ],
    [
      { label: 'Gras', title: 'Gras (Ctrl B)', run: () => chain().toggleBold().run(), isOn: () => editor.isActive('bold') },
      { label: 'Italique', title: 'Italique (Ctrl I)', run: () => chain().toggleItalic().run(), isOn: () => editor.isActive('italic') },
      { label: 'Lien', run: dialogs.link, isOn: () => editor.isActive('link') },
    ],
    [
      { label: '• Liste', title: 'Liste à puces', run: () => chain().toggleBulletList().run(), isOn: () => editor.isActive('bulletList') },
      { label: '1. Liste', title: 'Liste numérotée', run: () => chain().toggleOrderedList().run(), isOn: () => editor.isActive('orderedList') },
      { label: 'Citation', run: () => chain().toggleBlockquote().run(), isOn: () => editor.isActive('blockquote') },
    ],
    [
      { label: 'Image', run: dialogs.picture },
      { label: 'Décrire l’image', run: dialogs.describe, can: () => editor.isActive('figure') },
    ],
    [
      { label: 'Annuler', title: 'Annuler (Ctrl Z)', run: () => chain().undo().run(), can: () => editor.can().undo() },
      { label: 'Rétablir', title: 'Rétablir (Ctrl Maj Z)', run: () => chain().redo().run(), can: () => editor.can().redo() },
    ],
  ];
  const buttons: [HTMLButtonElement, Tool][] = [];
  const bar = h('div', { class: 'editor-bar', role: 'toolbar', 'aria-label': 'Mise en forme du texte' },
    ...groups.map((tools) => h('div', { class: 'editor-tools' }, ...tools.map((tool) => {
      const button = h('button', { type: 'button', class: 'editor-tool', tabindex: -1, click: () => { if (button.getAttribute('aria-disabled') !== 'true') tool.run(); } }, tool.label);
      if (tool.title) button.title = tool.title;
      // The visible words come first in the name, so that voice control finds them.
      if (tool.title) button.setAttribute('aria-label', tool.title.toLowerCase().includes(tool.label.toLowerCase()) ? tool.title : `${tool.label}, ${tool.title.toLowerCase()}`);
      buttons.push([button, tool]);
      return button;
    }))));
  const all = buttons.map(([button]) => button);
  if (all[0]) all[0].tabIndex = 0;
  bar.addEventListener('keydown', (event) => {
    const at = all.indexOf(document.activeElement as HTMLButtonElement);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
    if (at < 0 || next === undefined) return;
    event.preventDefault();
    const button = all[next % all.length];
    all.forEach((other) => (other.tabIndex = other === button ? 0 : -1));
    button?.focus();
  });
  const show = () => {
    for (const [button, tool] of buttons) {
      if (tool.isOn) button.setAttribute('aria-pressed', String(tool.isOn()));
      if (tool.can) button.setAttribute('aria-disabled', String(!tool.can()));
    }
  };
  editor.on('transaction', show);
  show();
  return bar;
}
