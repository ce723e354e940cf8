// The few helpers every behaviour shares.

interface Policy { createHTML(text: string): string }
type Factory = { createPolicy(name: string, rules: Policy): Policy };

// The page allows one Trusted Types policy. Only pages of our own server go through it, and only to be
// parsed into an inert document: nothing here ever assigns innerHTML.
const rules: Policy = { createHTML: (text) => text };
const factory = (globalThis as { trustedTypes?: Factory }).trustedTypes;
const policy = factory ? factory.createPolicy('esplanade', rules) : rules;

/** Reads a page of this server; null when the answer came from elsewhere or is not HTML. */
export async function readPage(response: Response): Promise<Document | null> {
  if (new URL(response.url).origin !== location.origin) return null;
  if (!response.headers.get('content-type')?.startsWith('text/html')) return null;
  return parsePage(await response.text());
}

export function parsePage(text: string): Document {
  return new DOMParser().parseFromString(policy.createHTML(text), 'text/html');
}

type Child = Node | string | null | undefined | false;
type Props = Record<string, string | boolean | number | ((event: Event) => void)>;

/** Builds an element; functions become listeners, true becomes an empty attribute. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, props: Props = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child): child is Node | string => Boolean(child)));
  return element;
}

/** An icon of the sprite, whose hashed address is read from the page itself. */
export function icon(name: string): SVGSVGElement {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(space, 'use');
  use.setAttribute('href', new URL(`icons.svg#${name}`, import.meta.url).href);
  svg.append(use);
  return svg;
}

const enhancers: ((root: ParentNode) => void)[] = [];

/** Runs now, and again on every piece of page that is swapped in later. */
export function enhance(run: (root: ParentNode) => void): void {
  enhancers.push(run);
  run(document);
}

export function each<T extends Element = HTMLElement>(root: ParentNode, selector: string, run: (element: T) => void): void {
  if (root instanceof Element && root.matches(selector)) run(root as unknown as T);
  root.querySelectorAll<T>(selector).forEach(run);
}

/** Replaces an element by the one of same id in another document. */
export function swap(old: Element, page: ParentNode): Element | null {
  const fresh = page.querySelector(`#${CSS.escape(old.id)}`);
  if (!fresh) return null;
  const node = document.adoptNode(fresh);
  old.replaceWith(node);
  enhancers.forEach((run) => run(node));
  return node;
}

let live: HTMLElement | undefined;

/** Says something to a screen reader without moving the focus. */
export function announce(text: string): void {
  live ??= document.body.appendChild(h('div', { class: 'visually-hidden', role: 'status' }));
  const region = live;
  region.textContent = '';
  setTimeout(() => (region.textContent = text), 60);
}

export function debounce<A extends unknown[]>(delay: number, run: (...args: A) => void): ((...args: A) => void) & { cancel(): void } {
  let timer = 0;
  const later = (...args: A) => {
    clearTimeout(timer);
    timer = setTimeout(() => run(...args), delay);
  };
  return Object.assign(later, { cancel: () => clearTimeout(timer) });
}

/** Lower case without accents, as the server folds text. */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').replace(/œ/gi, 'oe').toLowerCase();
}

export function sameOrigin(address: string): string | null {
  const url = new URL(address, location.href);
  return url.origin === location.origin ? url.href : null;
}

/** Storage may be refused (private windows, policies): behaviours then simply do without. */
export const store = {
  get(key: string): string | null {
    try { return localStorage.getItem(key); } catch { return null; }
  },
  set(key: string, value: string): boolean {
    try { localStorage.setItem(key, value); return true; } catch { return false; }
  },
  delete(key: string): void {
    try { localStorage.removeItem(key); } catch { /* nothing was stored */ }
  },
  keys(): string[] {
    try { return Object.keys(localStorage); } catch { return []; }
  },
};

/** Opens a modal built for one use, and removes it when it closes. */
export function modal(title: string, ...content: Child[]): HTMLDialogElement {
  const id = `titre-${Math.random().toString(36).slice(2)}`;
  const dialog = h('dialog', { class: 'modal', 'aria-labelledby': id }, h('h2', { id }, title), ...content);
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
