// Writing pages and news: a text with headings, lists, links and pictures on top of the plain field. Loaded by the
// editor's pages only; without it the field itself takes simple HTML.
import { Editor, type Extensions, Node, getSchema } from '@tiptap/core';
import { DOMParser as Reader } from '@tiptap/pm/model';
import StarterKit from '@tiptap/starter-kit';
import { each, enhance, h } from './app.ts';
import { askLink, choosePicture, describePicture } from './editor-dialogs.ts';
import { cleanPaste } from './editor-paste.ts';
import { toolbar } from './editor-toolbar.ts';

const own = /^\/images\/[0-9a-f-]{36}\/[\w.]+$/;

/** A picture of the library with its caption; any other picture is left out. */
const Picture = Node.create({
  name: 'figure',
  group: 'block',
  content: 'inline*',
  draggable: true,
  isolating: true,
  addAttributes: () => ({ src: { default: '' }, alt: { default: '' } }),
  parseHTML: () => [
    {
      tag: 'figure',
      getAttrs: (element) => read(element.querySelector('img')),
      contentElement: (element) => (element as Element).querySelector<HTMLElement>('figcaption') ?? h('span'),
    },
    { tag: 'img', getAttrs: (element) => read(element) },
  ],
  renderHTML: ({ node }) => ['figure', {}, ['img', { src: node.attrs['src'], alt: node.attrs['alt'] }], ['figcaption', {}, 0]],
});

function read(image: Element | null): { src: string; alt: string } | false {
  const src = image?.getAttribute('src') ?? '';
  return own.test(src) ? { src, alt: image?.getAttribute('alt') ?? '' } : false;
}

/** What a text is made of. A text written by several people keeps its own history of what can be undone. */
const made = (history: boolean): Extensions => [
  StarterKit.configure({
    ...(history ? {} : { undoRedo: false as const }),
    heading: { levels: [2, 3, 4] },
    code: false,
    codeBlock: false,
    strike: false,
    underline: false,
    link: { openOnClick: false, defaultProtocol: 'https', protocols: ['mailto', 'tel'], HTMLAttributes: { target: null, rel: null } },
  }),
  Picture,
];
const extensions = made(true);
const schema = getSchema(extensions);

/** What the field holds as a document: its HTML, or paragraphs parted by blank lines. */
function documentOf(text: string): object {
  const body = /<[a-z]/i.test(text) ? cleanPaste(text) : h('div', {}, ...text.split(/\n\s*\n/).map((part) => h('p', {}, part.trim())));
  return Reader.fromSchema(schema).parse(body).toJSON() as object;
}

/** What an editor holds, and who hears of what is written. */
interface Text { extensions: Extensions; content: object; written(editor: Editor): void }

/** An editor before a field, which it hides, with its bar. */
function mount(field: HTMLTextAreaElement, text: Text): Editor {
  const label = document.querySelector<HTMLElement>(`label[for="${field.id}"]`);
  const pictures = field.dataset['pictures'] ?? '';
  const place = h('div', { class: 'editor-text' });
  const frame = h('div', { class: 'editor' });
  field.before(frame);
  field.hidden = true;

  const editor = new Editor({
    element: place,
    extensions: text.extensions,
    content: text.content,
    injectCSS: false,
    editorProps: {
      attributes: {
        class: 'prose',
        role: 'textbox',
        'aria-multiline': 'true',
        'aria-labelledby': label?.id ?? '',
        'aria-describedby': field.getAttribute('aria-describedby') ?? '',
        ...(field.getAttribute('aria-invalid') ? { 'aria-invalid': 'true' } : {}),
      },
      handleDOMEvents: {
        paste: (_, event) => take(event, event.clipboardData),
        drop: (view, event) => !view.dragging && take(event, event.dataTransfer),
      },
    },
    onUpdate: ({ editor: made }) => text.written(made),
  });

  /** HTML from elsewhere is made plain first; a picture is sent to the library. Text alone is left to the editor. */
  function take(event: Event, data: DataTransfer | null): boolean {
    const html = data?.getData('text/html');
    const file = Array.from(data?.files ?? []).find(({ type }) => type.startsWith('image/'));
    if (html) {
      event.preventDefault();
      const slice = Reader.fromSchema(editor.schema).parseSlice(cleanPaste(html));
      editor.view.dispatch(editor.state.tr.replaceSelection(slice).scrollIntoView().setMeta('paste', true));
      return true;
    }
    if (!file) return false;
    event.preventDefault();
    void insertPicture(file);
    return true;
  }

  async function insertPicture(file?: File): Promise<void> {
    const picked = await choosePicture(pictures, file);
    if (picked) editor.chain().focus().insertContent({ type: 'figure', attrs: { src: picked.src, alt: picked.alt } }).run();
    else editor.commands.focus();
  }

  frame.append(toolbar(editor, {
    link: () => void askLink(editor),
    picture: () => void insertPicture(),
    describe: () => void describePicture(editor),
  }), place);
  label?.addEventListener('click', () => editor.commands.focus());
  return editor;
}

/** An editor that writes into its field. */
export function attach(field: HTMLTextAreaElement): void {
  let written = field.value;
  const editor = mount(field, {
    extensions,
    content: documentOf(field.value),
    written: (editor) => {
      written = editor.isEmpty ? '' : editor.getHTML();
      field.value = written;
      field.dispatchEvent(new Event('input', { bubbles: true }));
    },
  });
  // A stored draft, or anything else that writes the field, must show here.
  field.addEventListener('change', () => {
    if (field.value === written) return;
    written = field.value;
    editor.commands.setContent(documentOf(field.value), { emitUpdate: false });
  });
}

/** An editor that writes into a text that several people share. */
export function attachShared(field: HTMLTextAreaElement, sharing: Extensions): Editor {
  return mount(field, { extensions: [...made(false), ...sharing], content: { type: 'doc', content: [{ type: 'paragraph' }] }, written: () => {} });
}

/** The cover: the list of pictures, with the library at hand and a small view of the choice. */
function attachCover(box: HTMLElement): void {
  const select = box.querySelector('select');
  const pictures = document.querySelector<HTMLElement>('[data-pictures]')?.dataset['pictures'] ?? '';
  if (!select) return;
  const show = () => {
    box.querySelector('img')?.remove();
    if (select.value) box.prepend(h('img', { src: `/images/${select.value}/480.webp`, alt: '', width: 320, height: 180 }));
  };
  const choose = h('button', { type: 'button', class: 'button button--small', click: async () => {
    const picked = await choosePicture(pictures);
    if (!picked) return choose.focus();
    if (!Array.from(select.options).some(({ value }) => value === picked.id)) select.append(h('option', { value: picked.id }, picked.label));
    select.value = picked.id;
    select.dispatchEvent(new Event('change', { bubbles: true }));
    choose.focus();
  } }, 'Choisir ou envoyer une image');
  select.addEventListener('change', show);
  box.append(choose);
}

enhance((root) => each<HTMLTextAreaElement>(root, 'textarea[data-editor]:not([data-coedit])', attach));
document.querySelectorAll<HTMLElement>('[data-cover]').forEach(attachCover);
