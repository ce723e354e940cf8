// Suggestions under a text field. Without script the field is posted as typed and the server understands it.
import { announce, debounce, each, enhance, h } from './dom.ts';
import { Listbox } from './listbox.ts';

interface Suggestion { value: string; label: string; hint?: string }

export function combo(): void {
  enhance((root) => each<HTMLInputElement>(root, '.combo input[data-source]', attach));
}

function attach(input: HTMLInputElement): void {
  const source = input.dataset['source'];
  const box = input.closest<HTMLElement>('.combo');
  if (!source || !box) return;
  const list = new Listbox(input, 'combo-list', 'Suggestions');
  box.append(list.element);
  const name = input.dataset['target'];
  const target = name ? input.form?.elements.namedItem(name) : null;
  const hidden = target instanceof HTMLInputElement ? target : null;
  let request: AbortController | undefined;

  const choose = (item: Suggestion) => {
    input.value = item.label;
    if (hidden) hidden.value = item.value;
    list.close();
    input.dispatchEvent(new Event('change', { bubbles: true }));
  };
  const ask = debounce(150, async (query: string) => {
    request = new AbortController();
    const url = new URL(source, location.href);
    url.searchParams.set('q', query);
    try {
      const response = await fetch(url, { signal: request.signal, headers: { accept: 'application/json' } });
      if (!response.ok || document.activeElement !== input) return;
      const items = (await response.json()) as Suggestion[];
      list.show(items.map((item) => ({
        node: [h('span', {}, item.label), ...(item.hint ? [h('small', {}, item.hint)] : [])],
        choose: () => choose(item),
      })));
      announce(items.length ? `${items.length} suggestion${items.length > 1 ? 's' : ''}` : 'Aucune suggestion');
    } catch { /* replaced by a later query, or offline: free text remains */ }
  });

  input.addEventListener('input', () => {
    // The code no longer matches what is written.
    if (hidden) hidden.value = '';
    request?.abort();
    ask.cancel();
    const query = input.value.trim();
    if (query.length < 2) list.close();
    else ask(query);
  });
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    // What is still being looked for must not open a list that was just sent away.
    request?.abort();
    ask.cancel();
    if (list.open) {
      event.stopPropagation();
      event.preventDefault();
      list.close();
    }
  });
  input.addEventListener('blur', () => {
    ask.cancel();
    list.close();
  });
}
