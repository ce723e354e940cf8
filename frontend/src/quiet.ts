// Forms that answer in place: only the parts that they name (`data-quiet`, ids) are drawn anew, so that what is being typed
// elsewhere stays. With `data-quiet-after` a form also sends itself, so many milliseconds after the last key.
import { announce, debounce, each, enhance, readPage, swap } from './dom.ts';

/** What is on its way, by form: the next message of a form waits for the one before, whose version it must know. */
const under = new WeakMap<HTMLFormElement, Promise<void>>();
const RETRY = 5000;

export function quiet(): void {
  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement;
    if (event.defaultPrevented || form.dataset['quiet'] === undefined) return;
    event.preventDefault();
    void send(form, event.submitter);
  });
  enhance((root) => each<HTMLFormElement>(root, 'form[data-quiet-after]', (form) => {
    // A form whose text is written elsewhere no longer sends itself.
    const save = debounce(Number(form.dataset['quietAfter']), () => form.dataset['quietAfter'] && void send(form, null));
    form.addEventListener('input', save);
    form.addEventListener('submit', save.cancel);
  }));
}

function send(form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
  const before = under.get(form) ?? Promise.resolve();
  const mine = before.then(() => (form.isConnected ? post(form, submitter) : undefined));
  under.set(form, mine);
  return mine;
}

async function post(form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
  const parts = (submitter?.dataset['quiet'] ?? form.dataset['quiet'] ?? '').split(' ').filter(Boolean);
  const pairs = Array.from(new FormData(form, submitter)).map(([name, value]) => [name, String(value)]);
  form.setAttribute('aria-busy', 'true');
  const response = await fetch(form.action, { method: 'POST', body: new URLSearchParams(pairs), headers: { accept: 'text/html' } }).catch(() => null);
  form.removeAttribute('aria-busy');
  const page = response && await readPage(response);
  if (!response || !page) return unheard(form, submitter);
  form.querySelector('[data-unheard]')?.remove();
  const focused = document.activeElement;
  const keys = focused instanceof HTMLElement ? places(focused) : [];
  for (const id of response.ok ? parts : ['contenu']) {
    const old = document.getElementById(id);
    const fresh = old && swap(old, page);
    if (fresh && focused && !focused.isConnected) refocus(fresh as HTMLElement, keys);
  }
  const said = page.querySelector('.flash, .error-summary')?.textContent?.trim();
  // What was refused is read first, wherever the button was.
  if (submitter && !response.ok) document.querySelector<HTMLElement>('#contenu .error-summary')?.focus();
  if (said && (submitter || !response.ok)) announce(said);
}

/** How an element is found again in a part that was drawn anew: itself, else what its form is in (a card, say). */
function places(element: HTMLElement): string[] {
  if (element.id) return [`#${CSS.escape(element.id)}`];
  const action = element.closest('form')?.getAttribute('action');
  if (!action) return [];
  const form = `form[action="${CSS.escape(action)}"]`;
  const { name, value } = element as HTMLButtonElement;
  const itself = name ? [`${form} [name="${CSS.escape(name)}"][value="${CSS.escape(value)}"]`] : [];
  return [...itself, `[tabindex="-1"]:has(> ${form})`];
}

function refocus(fresh: HTMLElement, keys: string[]): void {
  for (const key of keys) {
    const found = fresh.querySelector<HTMLElement>(key);
    if (found) return found.focus();
  }
  if (!fresh.hasAttribute('tabindex')) fresh.tabIndex = -1;
  fresh.focus({ preventScroll: true });
}

/** The server did not answer: what was typed stays here, and leaves again by itself. */
function unheard(form: HTMLFormElement, submitter: HTMLElement | null): void {
  if (!form.querySelector('[data-unheard]')) {
    const line = document.createElement('p');
    line.className = 'error';
    line.dataset['unheard'] = '';
    line.textContent = 'Le serveur ne répond pas : rien n’est perdu, un nouvel essai suit.';
    form.append(line);
    announce(line.textContent);
  }
  setTimeout(() => void send(form, submitter), RETRY);
}
