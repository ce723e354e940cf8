// What is typed is kept in this browser until the server has it.
import { each, enhance, debounce, h, icon, store } from './dom.ts';

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
interface Draft { version: string; at: number; values: [string, string[]][] }

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

function attach(form: HTMLFormElement): void {
  const key = prefix + form.dataset['draft'];
  const version = form.dataset['draftVersion'] ?? '';
  const state = form.querySelector<HTMLElement>('.save-state') ?? form.appendChild(h('p', { class: 'save-state', role: 'status' }));
  const initial = JSON.stringify(collect(form));
  const clock = new Intl.DateTimeFormat('fr-FR', { hour: '2-digit', minute: '2-digit' });

  const save = debounce(600, () => {
    const values = collect(form);
    if (JSON.stringify(values) === initial) {
      store.delete(key);
      unsaved.delete(form);
      state.textContent = '';
      return;
    }
    const now = Date.now();
    const kept = store.set(key, JSON.stringify({ version, at: now, values } satisfies Draft));
    state.textContent = kept ? `Enregistré dans ce navigateur à ${clock.format(now)}` : 'Pas encore enregistré : ce navigateur ne garde pas les brouillons.';
  });
  const changed = () => {
    unsaved.add(form);
    save();
  };
  form.addEventListener('input', changed);
  form.addEventListener('change', changed);
  form.addEventListener('submit', (event) => { if (!event.defaultPrevented) unsaved.delete(form); });

  const draft = read(key);
  if (draft && JSON.stringify(draft.values) !== initial) offer(form, draft, version, key);
}

function offer(form: HTMLFormElement, draft: Draft, version: string, key: string): void {
  const when = new Intl.DateTimeFormat('fr-FR', { dateStyle: 'long', timeStyle: 'short' }).format(draft.at);
  const older = draft.version !== version ? ' Le texte enregistré a changé depuis : relisez avant d’envoyer.' : '';
  const resume = h('button', { type: 'button', class: 'button button--small button--primary', click: () => {
    fill(form, draft.values);
    notice.remove();
    form.querySelector<HTMLElement>('input:not([type=hidden]), textarea, select')?.focus();
  } }, 'Reprendre ce que vous aviez saisi');
  const ignore = h('button', { type: 'button', class: 'button button--small', click: () => {
    store.delete(key);
    notice.remove();
  } }, 'Ignorer');
  const notice = h('div', { class: 'notice', role: 'status' }, icon('draft'),
    h('div', {}, h('p', {}, `Un brouillon du ${when} est resté dans ce navigateur.${older}`), h('p', { class: 'cluster' }, resume, ignore)));
  form.prepend(notice);
}
