// Long work: ask how far it is, show it, follow when it is done.
import { each, enhance, readPage, sameOrigin, swap } from './dom.ts';

export function progress(): void {
  enhance((root) => each(root, '[data-poll]', (element) => void follow(element)));
}

const first = 700;
let delay = first;
let before = '';

async function follow(element: HTMLElement): Promise<void> {
  const url = element.dataset['poll'];
  if (!url) return;
  // Nothing new: ask less often.
  const text = element.textContent ?? '';
  delay = text === before ? Math.min(delay * 1.3, 3000) : first;
  before = text;
  await new Promise((resolve) => setTimeout(resolve, document.hidden ? 3000 : delay));
  if (!element.isConnected) return;
  try {
    const response = await fetch(url, { headers: { accept: 'text/html' } });
    const page = response.ok ? await readPage(response) : null;
    const fresh = page && swap(element, page);
    const next = fresh instanceof HTMLElement && fresh.dataset['goto'] ? sameOrigin(fresh.dataset['goto']) : null;
    if (next) location.assign(next);
    else if (!fresh) void follow(element);
  } catch {
    void follow(element);
  }
}
