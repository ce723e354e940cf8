// Ctrl/⌘ K: go anywhere, do anything. Without it the search form of the bar answers.
import { announce, debounce, fold, h, icon, sameOrigin } from './dom.ts';
import { Listbox, type Option } from './listbox.ts';

interface Found { title: string; subtitle?: string; kind: string; url: string }

export function palette(): void {
  const form = document.querySelector<HTMLFormElement>('form.bar-search');
  if (!form) return;
  const source = form.dataset['palette'] || '/espace/recherche.json';
  let dialog: HTMLDialogElement | undefined;

  const open = () => {
    dialog ??= build(form, source);
    if (dialog.open) return;
    dialog.showModal();
    const input = dialog.querySelector('input');
    input?.select();
    input?.dispatchEvent(new Event('input'));
  };
  document.addEventListener('keydown', (event) => {
    if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      event.preventDefault();
      open();
    }
  });
  document.addEventListener('click', (event) => {
    if ((event.target as Element).closest('[data-open-palette]')) open();
  });
}

function build(form: HTMLFormElement, source: string): HTMLDialogElement {
  const label = 'Rechercher ou aller à…';
  // Not type=search: there Escape would first empty the field instead of closing.
  const input = h('input', { type: 'text', 'aria-label': label, placeholder: label, enterkeyhint: 'go' });
  const list = new Listbox(input, 'palette-list', 'Résultats');
  const close = h('button', { type: 'button', class: 'button button--quiet button--small', click: () => dialog.close() }, 'Fermer');
  const key = (name: string) => h('kbd', { class: 'kbd' }, name);
  const foot = h('p', { class: 'palette-foot' },
    h('span', {}, key('↑'), ' ', key('↓'), ' choisir'), h('span', {}, key('Entrée'), ' ouvrir'), h('span', {}, key('Échap'), ' fermer'));
  const dialog = h('dialog', { class: 'palette', 'aria-label': label }, h('div', { class: 'palette-head' }, icon('search'), input, close), list.element, foot);

  const commands = Array.from(document.querySelectorAll<HTMLAnchorElement>('a[data-command]'), (link) => ({
    title: link.dataset['command'] || (link.textContent ?? '').trim(), kind: 'Aller à', url: link.href,
  }));
  let request: AbortController | undefined;

  const option = (found: Found): Option => ({
    node: [h('span', {}, found.title), h('span', { class: 'kind' }, found.kind), found.subtitle ? h('small', {}, found.subtitle) : ''].filter((part) => part !== '') as Node[],
    choose: (event) => {
      const url = sameOrigin(found.url);
      if (!url) return;
      dialog.close();
      if ((event as KeyboardEvent).ctrlKey || (event as KeyboardEvent).metaKey) window.open(url, '_blank', 'noopener');
      else location.assign(url);
    },
  });

  const show = (query: string, found: Found[]) => {
    const words = fold(query).split(/\s+/);
    const matching = commands.filter(({ title }) => words.every((word) => fold(title).includes(word)));
    const everywhere = new URL(form.action);
    everywhere.searchParams.set('q', query);
    const all = query ? [{ title: `Rechercher « ${query} » partout`, kind: 'Recherche', url: everywhere.href }] : [];
    list.show([...matching.slice(0, query ? 6 : 12), ...found, ...all].map(option), true);
  };

  const ask = debounce(120, async (query: string) => {
    request = new AbortController();
    try {
      const response = await fetch(`${source}?q=${encodeURIComponent(query)}`, { signal: request.signal, headers: { accept: 'application/json' } });
      if (!response.ok) return;
      const found = (await response.json()) as Found[];
      show(query, found);
      announce(found.length ? `${found.length} résultat${found.length > 1 ? 's' : ''}` : 'Aucun résultat');
    } catch { /* replaced by a later query, or offline: commands still work */ }
  });

  input.addEventListener('input', () => {
    const query = input.value.trim();
    request?.abort();
    ask.cancel();
    show(query, []);
    if (query.length > 1) ask(query);
  });
  dialog.addEventListener('click', (event) => { if (event.target === dialog) dialog.close(); });
  document.body.append(dialog);
  return dialog;
}
