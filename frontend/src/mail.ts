// The shared mailbox: who else is there, frames as high as what they hold, drafts kept while they are written.
import { each, enhance, store } from './dom.ts';

export function mail(): void {
  enhance((root) => {
    each(root, '[data-presence]', presence);
    each<HTMLIFrameElement>(root, 'iframe[data-fit]', fit);
    each<HTMLFormElement>(root, 'form[data-autosave]', autosave);
  });
}

const every = 20_000;

/** Tells from time to time that the conversation is open, and shows who else has it open. */
function presence(element: HTMLElement): void {
  const url = element.dataset['presence'];
  if (!url) return;
  const tell = async (): Promise<void> => {
    if (!element.isConnected || document.hidden) return;
    const writing = document.querySelector('form[data-autosave]') ? '1' : '';
    const answer = await fetch(url, {
      method: 'POST', body: new URLSearchParams({ ecrit: writing }), headers: { accept: 'application/json' },
    }).catch(() => null);
    const said = answer?.ok ? await answer.json() as { presents: string } : null;
    if (said && said.presents !== element.textContent?.trim()) element.textContent = said.presents;
  };
  setTimeout(() => void tell(), 1000);
  setInterval(() => void tell(), every);
}

/** A frame without scripts of its own cannot say how high it is: it is measured from here. */
function fit(frame: HTMLIFrameElement): void {
  const measure = (): void => {
    const body = frame.contentDocument?.documentElement;
    // Its own height would be the least that it says.
    frame.style.height = '0';
    if (body) frame.style.height = `${Math.min(Math.max(body.scrollHeight + 8, 80), 4000)}px`;
  };
  frame.addEventListener('load', measure);
  if (frame.contentDocument?.readyState === 'complete') measure();
}

/** Keeps a message being written: in the browser at once, on the server a moment later. */
function autosave(form: HTMLFormElement): void {
  const key = `courriel:${form.action}`;
  const said = form.querySelector<HTMLElement>('[data-autosave-said]');
  const version = form.elements.namedItem('version') as HTMLInputElement;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let busy = false;
  let sending = false;
  const say = (text: string): void => { if (said) said.textContent = text; };
  const values = (): URLSearchParams => {
    const data = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === 'string') data.append(name, value);
    data.delete('envoyer');
    return data;
  };
  const save = async (): Promise<void> => {
    if (busy || sending) return;
    busy = true;
    const answer = await fetch(form.action, { method: 'POST', body: values(), headers: { accept: 'application/json' } }).catch(() => null);
    busy = false;
    if (answer?.ok) {
      version.value = (await answer.json() as { version: string }).version;
      store.delete(key);
      say(`Enregistré à ${new Date().toLocaleTimeString('fr-FR', { hour: '2-digit', minute: '2-digit' })}.`);
    } else if (answer?.status === 409) {
      say('Ce brouillon a été modifié ailleurs : enregistrez-le pour voir les deux textes.');
    } else {
      say('Pas encore enregistré : votre texte est gardé dans ce navigateur.');
      timer = setTimeout(() => void save(), 10_000);
    }
  };
  form.addEventListener('input', () => {
    store.set(key, values().toString());
    clearTimeout(timer);
    timer = setTimeout(() => void save(), 2000);
  });
  form.addEventListener('submit', () => {
    sending = true;
    clearTimeout(timer);
    store.delete(key);
  });
  form.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.querySelector<HTMLButtonElement>('[data-send]')?.click();
    }
  });
  restore(form, key, version.value);
}

/** What the server never received, typed from the same version. */
function restore(form: HTMLFormElement, key: string, version: string): void {
  const kept = new URLSearchParams(store.get(key) ?? '');
  if (kept.get('version') !== version) {
    store.delete(key);
    return;
  }
  for (const [name, value] of kept) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLTextAreaElement || (field instanceof HTMLInputElement && field.type !== 'checkbox')) field.value = value;
  }
}
