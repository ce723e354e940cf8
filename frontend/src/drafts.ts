// What is typed is kept until it is saved: at once in this browser, a little later on the server for other machines.
import { each, enhance, debounce, h, icon, store } from './dom.ts';
import { ask, forget, isShared, send, sendLast, serverNow, type Draft, type Fate } from './drafts-server.ts';

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

const prefix = 'esplanade:brouillon:';
const keptFor = 21 * 24 * 3600 * 1000;
const unsaved = new Set<HTMLFormElement>();

export function drafts(): void {
  purge();
  each(document, '[data-draft-clear]', (element) => {
    const key = element.dataset['draftClear'];
    for (const stored of store.keys()) if (stored === prefix + key || (key === '*' && stored.startsWith(prefix))) store.delete(stored);
  });
  enhance((root) => each<HTMLFormElement>(root, 'form[data-draft]', attach));
  addEventListener('beforeunload', (event) => {
    for (const form of unsaved) if (form.isConnected) return event.preventDefault();
  });
}

/** Old drafts go: a shared computer must not remember for ever. */
function purge(): void {
  for (const key of store.keys()) {
    if (key.startsWith(prefix) && (read(key)?.at ?? 0) < Date.now() - keptFor) store.delete(key);
  }
}

function read(key: string): Draft | null {
  try { return JSON.parse(store.get(key) ?? 'null') as Draft | null; } catch { return null; }
}

function controls(form: HTMLFormElement): Control[] {
  return Array.from(form.elements).filter((element): element is Control => {
    if (!(element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement)) return false;
    if (!element.name || element.closest('[data-draft-skip]')) return false;
    if (element.type === 'hidden') return Boolean(form.querySelector(`[data-target="${CSS.escape(element.name)}"]`));
    return !['password', 'file', 'submit', 'button', 'image', 'reset'].includes(element.type) && element.autocomplete !== 'one-time-code';
  });
}

function isTick(control: Control): control is HTMLInputElement {
  return control.type === 'checkbox' || control.type === 'radio';
}

function collect(form: HTMLFormElement): [string, string[]][] {
  const values = new Map<string, string[]>();
  for (const control of controls(form)) {
    const list = values.get(control.name) ?? [];
    if (isTick(control)) { if (control.checked) list.push(control.value); }
    else if (control instanceof HTMLSelectElement) list.push(...Array.from(control.selectedOptions, (option) => option.value));
    else list.push(control.value);
    values.set(control.name, list);
  }
  return [...values];
}

function fill(form: HTMLFormElement, values: [string, string[]][]): void {
  const byName = new Map(values.map(([name, list]) => [name, [...list]]));
  for (const control of controls(form)) {
    const list = byName.get(control.name);
    if (!list) continue;
    if (isTick(control)) control.checked = list.includes(control.value);
    else if (control instanceof HTMLSelectElement) for (const option of control.options) option.selected = list.includes(option.value);
    else control.value = list.shift() ?? control.value;
    // Editors and counters built on the field must notice; suggestions must not open.
    control.dispatchEvent(new Event('change', { bubbles: true }));
  }
}

/** Whether two forms hold the same: drafts that the server kept may lack some fields. */
function same(one: [string, string[]][], other: [string, string[]][]): boolean {
  const text = (values: [string, string[]][]) => JSON.stringify(values.filter(([, list]) => list.some(Boolean)).sort(([a], [b]) => (a < b ? -1 : 1)));
  return text(one) === text(other);
}

const saidOf: Record<Fate, (time: string) => string> = {
  kept: (time) => `Brouillon enregistré à ${time}`,
  away: (time) => `Brouillon gardé dans ce navigateur à ${time} : le serveur ne répond pas.`,
  'too-long': (time) => `Brouillon gardé dans ce navigateur seulement, à ${time} : il est trop long pour vous suivre ailleurs.`,
};

function attach(form: HTMLFormElement): void {
  const name = form.dataset['draft'] ?? '';
  const key = prefix + name;
  const shared = isShared(name);
  const version = form.dataset['draftVersion'] ?? '';
  const state = form.querySelector<HTMLElement>('.save-state') ?? form.appendChild(h('p', { class: 'save-state', role: 'status' }));
  const initial = collect(form);
  /** What the server has not been sent yet. */
  let waiting: Draft | null = null;
  let sending = new AbortController();
  let left = false;

  const share = debounce(3000, async () => {
    const draft = waiting;
    if (!draft || left) return;
    waiting = null;
    const fate = await send(name, draft, sending.signal);
    if (left) return;
    if (fate === 'away') waiting ??= draft;
    if (fate === 'kept' && !waiting) unsaved.delete(form);
    state.textContent = saidOf[fate](clock(draft.at));
  });
  const save = () => {
    const values = collect(form);
    if (same(values, initial)) {
      if (shared && (waiting || store.get(key))) forget(name);
      waiting = null;
      store.delete(key);
      unsaved.delete(form);
      state.textContent = '';
      return;
    }
    const draft = { version, at: serverNow(), values };
    const kept = store.set(key, JSON.stringify(draft));
    state.textContent = kept ? `Brouillon gardé dans ce navigateur à ${clock(draft.at)}` : 'Pas encore enregistré : ce navigateur ne garde pas les brouillons.';
    if (!shared) return;
    waiting = draft;
    share();
  };
  const soon = debounce(600, save);
  let touched = false;
  const changed = () => {
    touched = true;
    unsaved.add(form);
    soon();
  };
  form.addEventListener('input', changed);
  form.addEventListener('change', changed);
  form.addEventListener('submit', (event) => {
    if (event.defaultPrevented) return;
    // What is being saved is no draft: nothing may reach the server after it.
    left = true;
    sending.abort();
    unsaved.delete(form);
  });
  addEventListener('pagehide', () => {
    soon.cancel();
    if (left || !touched || !unsaved.has(form)) return;
    save();
    if (waiting) sendLast(name, waiting);
    waiting = null;
  });
  // Back from the page that followed, or from a refused one: the form lives again.
  addEventListener('pageshow', ({ persisted }) => {
    if (!persisted) return;
    left = false;
    sending = new AbortController();
  });
  void find(name, shared).then((draft) => {
    if (draft && !touched && !same(draft.values, initial)) offer(form, draft, version, name);
  });
}

/** The newest draft of a form, of this browser or of another machine; what was saved meanwhile is none. */
async function find(name: string, shared: boolean): Promise<Draft | null> {
  const known = shared ? await ask(name) : null;
  let here = read(prefix + name);
  if (here && known && here.at <= known.forgotten) {
    store.delete(prefix + name);
    here = null;
  }
  const there = known?.draft ?? null;
  return there && (!here || there.at > here.at) ? there : here;
}

function clock(at: number): string {
  return new Intl.DateTimeFormat('fr-FR', { hour: '2-digit', minute: '2-digit' }).format(at).replace(':', '\u00a0h\u00a0');
}

function offer(form: HTMLFormElement, draft: Draft, version: string, name: string): void {
  const day = new Intl.DateTimeFormat('fr-FR', { day: 'numeric', month: 'long' }).format(draft.at);
  const older = draft.version !== version ? ' Le texte enregistré a changé depuis : relisez avant d’envoyer.' : '';
  const resume = h('button', { type: 'button', class: 'button button--small button--primary', click: () => {
    fill(form, draft.values);
    notice.remove();
    form.querySelector<HTMLElement>('input:not([type=hidden]), textarea, select')?.focus();
  } }, 'Reprendre', h('span', { class: 'visually-hidden' }, ' le brouillon'));
  const ignore = h('button', { type: 'button', class: 'button button--small', click: () => {
    store.delete(prefix + name);
    if (isShared(name)) forget(name);
    notice.remove();
    form.querySelector<HTMLElement>('input:not([type=hidden]), textarea, select')?.focus();
  } }, 'Oublier', h('span', { class: 'visually-hidden' }, ' le brouillon'));
  const notice = h('div', { class: 'notice', role: 'status' }, icon('draft'),
    h('div', {}, h('p', {}, `Brouillon du ${day} à ${clock(draft.at)}.${older}`), h('p', { class: 'cluster' }, resume, ignore)));
  form.prepend(notice);
}
