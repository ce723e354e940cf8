// How long an item has been talked about, of how long it should take. Without this the page says when it began.
import { each, enhance } from './dom.ts';

export function timer(): void {
  const all = new Set<HTMLElement>();
  enhance((root) => each(root, '[data-timer]', (element) => {
    all.add(element);
    show(element);
  }));
  setInterval(() => all.forEach((element) => (element.isConnected ? show(element) : all.delete(element))), 1000);
}

function show(element: HTMLElement): void {
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(element.dataset['timer'] ?? '')) / 1000));
  const planned = Number(element.dataset['minutes'] ?? 0);
  const spent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  element.textContent = planned ? `${spent} / ${planned} min` : spent;
  element.classList.toggle('timer--late', planned > 0 && seconds > planned * 60);
}
