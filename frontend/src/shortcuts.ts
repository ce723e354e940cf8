// Keys for those who live here all day. Single keys can be switched off, as WCAG 2.1.4 asks.
import { h, modal, store } from './dom.ts';

const setting = 'esplanade:raccourcis';

function isTyping(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement;
  return target.isContentEditable || target.matches('input:not([type=checkbox], [type=radio]), textarea, select') || Boolean(document.querySelector('dialog[open]'));
}

export function shortcuts(): void {
  let pressed = '';
  let forget = 0;
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event)) return;
    if (store.get(setting) === 'non') return;
    if (event.key === '?') {
      event.preventDefault();
      help();
    } else if ((event.key === 'j' || event.key === 'k') && !pressed) {
      if (moveRow(event.key === 'j' ? 1 : -1)) event.preventDefault();
    } else if (event.key.length === 1) {
      pressed = `${pressed} ${event.key.toLowerCase()}`.trim();
      const all = Array.from(document.querySelectorAll<HTMLElement>('[data-shortcut]'));
      const match = all.find((element) => element.dataset['shortcut'] === pressed);
      clearTimeout(forget);
      if (match) {
        event.preventDefault();
        pressed = '';
        match.click();
      } else if (all.some((element) => element.dataset['shortcut']?.startsWith(`${pressed} `))) {
        forget = setTimeout(() => (pressed = ''), 1200);
      } else {
        pressed = '';
      }
    }
  });
  document.addEventListener('click', (event) => {
    if ((event.target as Element).closest('[data-open-shortcuts]')) help();
  });
}

function moveRow(step: number): boolean {
  const rows = Array.from(document.querySelectorAll<HTMLElement>('[data-rows] > *'));
  if (!rows.length) return false;
  const current = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[current < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(current + step, 0), rows.length - 1)];
  next?.querySelector<HTMLElement>('[data-row-link], a[href], button')?.focus();
  return true;
}

function help(): void {
  const keys = (text: string) => text.split(' ').flatMap((key, index) => [index ? ' ' : '', h('kbd', { class: 'kbd' }, key)]);
  const line = (label: string, text: string) => [h('dt', {}, label), h('dd', {}, ...keys(text))];
  const declared = Array.from(document.querySelectorAll<HTMLElement>('[data-shortcut]')).flatMap((element) =>
    line(element.dataset['shortcutLabel'] ?? element.textContent?.trim() ?? '', element.dataset['shortcut'] ?? ''));
  const list = h('dl', { class: 'shortcuts' },
    ...line('Rechercher et aller à…', /Mac|iP/.test(navigator.platform) ? '⌘ K' : 'Ctrl K'),
    ...line('Ligne suivante, ligne précédente', 'j k'), ...line('Cette aide', '?'), ...declared);
  const box = h('input', { type: 'checkbox', role: 'switch' });
  box.checked = store.get(setting) !== 'non';
  box.addEventListener('change', () => store.set(setting, box.checked ? 'oui' : 'non'));
  const dialog = modal('Raccourcis clavier', list, h('label', { class: 'switch' }, box, 'Raccourcis à une touche activés'),
    h('div', { class: 'modal-actions' }, h('button', { class: 'button', type: 'button', autofocus: true, click: () => dialog.close() }, 'Fermer')));
}
