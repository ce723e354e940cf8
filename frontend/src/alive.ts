// Screens that several people look at (`data-alive`: where their mark is asked for): every few seconds the mark is compared,
// and when it is another the parts that it names are drawn anew, unless someone is typing there. Where such a screen has gone
// on (`data-alive-at`: the id of what it is at), it follows if nothing is being typed, and says so otherwise.
import { announce, each, enhance, h, readPage, swap } from './dom.ts';

const EVERY = 4000;
const FIELDS = 'input:not([type=hidden]), textarea, select, [contenteditable=true]';

export function alive(): void {
  enhance((root) => each(root, '[data-alive]', watch));
}

function watch(screen: HTMLElement): void {
  const look = async () => {
    if (!screen.isConnected) return;
    if (document.visibilityState === 'visible') await compare(screen).catch(() => undefined);
    setTimeout(() => void look(), EVERY);
  };
  setTimeout(() => void look(), EVERY);
}

async function compare(screen: HTMLElement): Promise<void> {
  const answer = await fetch(screen.dataset['alive'] ?? '', { headers: { accept: 'application/json' } });
  if (!answer.ok) return;
  const { etat } = (await answer.json()) as { etat: string };
  if (etat === screen.dataset['aliveMark']) return;
  const page = await readPage(await fetch(location.href, { headers: { accept: 'text/html' } }));
  const fresh = page?.querySelector<HTMLElement>('[data-alive]');
  if (!page || !fresh || !screen.isConnected) return;
  const at = screen.dataset['aliveAt'];
  const now = at ? page.getElementById(at)?.textContent?.trim() ?? '' : '';
  const gone = Boolean(at) && now !== document.getElementById(at ?? '')?.textContent?.trim();
  const whole = document.getElementById('contenu');
  if (gone && whole && !isTypedIn(screen)) {
    swap(whole, page);
    return announce(now);
  }
  screen.dataset['aliveMark'] = fresh.dataset['aliveMark'] ?? '';
  if (gone) say(screen, now);
  for (const id of (screen.dataset['aliveParts'] ?? '').split(' ')) {
    const part = document.getElementById(id);
    if (part && !isTypedIn(part)) swap(part, page);
  }
}

/** Whether someone types in a part, or has typed there what was not sent. */
function isTypedIn(part: HTMLElement): boolean {
  const focused = document.activeElement;
  if (focused && part.contains(focused) && focused.matches(FIELDS)) return true;
  type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
  // A field without a name sends nothing: what was typed there is kept elsewhere.
  return Array.from(part.querySelectorAll<Field>('input:not([type=hidden]), textarea, select')).some((field) => {
    if (!field.name) return false;
    if (field instanceof HTMLSelectElement) {
      const first = Array.from(field.options).findIndex((option) => option.defaultSelected);
      return field.selectedIndex !== Math.max(first, 0);
    }
    const ticked = field instanceof HTMLInputElement && /^(checkbox|radio)$/.test(field.type);
    return ticked ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
  });
}

function say(screen: HTMLElement, now: string): void {
  screen.parentElement?.querySelector('[data-alive-said]')?.remove();
  const words = `La séance en est à : ${now}. `;
  screen.before(h('p', { class: 'notice', role: 'status', 'data-alive-said': true }, words, h('a', { href: location.pathname }, 'Suivre')));
}
