// Filters answer while one chooses. The address always says what is shown, so it can be kept and sent.
import { announce, debounce, each, enhance, readPage, swap } from './dom.ts';

export function autosubmit(): void {
  enhance((root) => each<HTMLFormElement>(root, 'form[data-autosubmit]', attach));
  addEventListener('popstate', (event) => {
    if ((event.state as { filtered?: boolean } | null)?.filtered || history.state === null) location.reload();
  });
}

function address(form: HTMLFormElement): URL {
  const url = new URL(form.action);
  url.hash = '';
  // Empty fields would only make addresses long.
  const pairs = Array.from(new FormData(form)).filter(([, value]) => typeof value === 'string' && value !== '') as [string, string][];
  url.search = new URLSearchParams(pairs).toString();
  return url;
}

function attach(form: HTMLFormElement): void {
  let request: AbortController | undefined;

  const run = async () => {
    const results = document.querySelector('#resultats');
    const url = address(form);
    if (!results) return location.assign(url);
    if (url.href === location.href) return;
    request?.abort();
    const mine = (request = new AbortController());
    results.setAttribute('aria-busy', 'true');
    try {
      const response = await fetch(url, { signal: mine.signal, headers: { accept: 'text/html' } });
      const page = response.ok ? await readPage(response) : null;
      const fresh = page && swap(results, page);
      if (!page || !fresh) return location.assign(url);
      history.pushState({ filtered: true }, '', url);
      document.title = page.title || document.title;
      announce(fresh.querySelector('[data-count]')?.textContent?.trim() ?? 'Résultats mis à jour');
    } catch {
      if (!mine.signal.aborted) location.assign(url);
    }
  };
  const typed = debounce(300, run);

  form.addEventListener('input', (event) => {
    if ((event.target as HTMLElement).matches('input:not([type=checkbox], [type=radio], [type=range])')) typed();
  });
  form.addEventListener('change', (event) => {
    if (!(event.target as HTMLElement).matches('input:not([type=checkbox], [type=radio], [type=range]):not(.combo input)')) void run();
  });
  form.addEventListener('submit', (event) => {
    // A named button (an export, say) wants its own answer.
    if (event.submitter?.hasAttribute('name') || event.submitter?.hasAttribute('formaction')) return;
    event.preventDefault();
    typed.cancel();
    void run();
  });
}
