// What other programs put on the clipboard, made plain: structure stays, dress goes.
import { h, parsePage } from './app.ts';

/** The body of a pasted page, parsed where nothing runs or loads. */
export function cleanPaste(html: string): HTMLElement {
  // Styles are only read here, and must not even be tried by the page's rules.
  const undressed = html
    .replace(/<style[\s\S]*?<\/style\s*>/gi, '')
    .replace(/(<[a-z][^>]*?)\sstyle\s*=/gi, '$1 data-style=')
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/<!\[[^>]*>/g, '');
  const { body } = parsePage(undressed);
  body.querySelectorAll('style, script, meta, link, title, xml, template, iframe, object').forEach((element) => element.remove());
  wordLists(body);
  for (const element of body.querySelectorAll<HTMLElement>('b[data-style*="normal"], strong[data-style*="normal"]')) {
    // Google Docs wraps all it copies in a « bold » that is not.
    if (/font-weight:\s*normal/i.test(element.dataset['style'] ?? '')) element.replaceWith(...element.childNodes);
  }
  for (const element of body.querySelectorAll<HTMLElement>('span[data-style]')) {
    const style = element.dataset['style'] ?? '';
    if (/font-weight:\s*(bold|[6-9]00)/i.test(style)) wrap(element, 'strong');
    if (/font-style:\s*italic/i.test(style)) wrap(element, 'em');
  }
  for (const title of body.querySelectorAll('h1')) rename(title, 'h2');
  for (const title of body.querySelectorAll('h5, h6')) rename(title, 'h4');
  return body;
}

function wrap(element: Element, name: 'strong' | 'em'): void {
  const inner = h(name, {}, ...element.childNodes);
  element.append(inner);
}

function rename(element: Element, name: 'h2' | 'h4'): void {
  element.replaceWith(h(name, {}, ...element.childNodes));
}

/** Word writes lists as paragraphs that begin with a bullet or a number. */
function wordLists(body: HTMLElement): void {
  let list: HTMLElement | null = null;
  for (const line of body.querySelectorAll<HTMLElement>('p')) {
    const isItem = /mso-list:\s*l\d/i.test(line.dataset['style'] ?? '');
    if (!isItem) {
      list = null;
      continue;
    }
    const sign = line.querySelector<HTMLElement>('[data-style*="mso-list:Ignore"], [data-style*="mso-list: Ignore"]');
    const numbered = /^[\da-z]{1,3}[.)]/i.test(sign?.textContent?.trim() ?? '');
    sign?.remove();
    const kind = numbered ? 'ol' : 'ul';
    if (!list || list.localName !== kind || list.nextElementSibling !== line) {
      list = h(kind);
      line.before(list);
    }
    list.append(h('li', {}, h('p', {}, ...line.childNodes)));
    line.remove();
  }
}
