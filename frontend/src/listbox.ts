// The list under a combobox: shared by the palette and by field suggestions.
import { h } from './dom.ts';

export interface Option { node: Node[]; choose(event: Event): void }

let count = 0;

export class Listbox {
  readonly element: HTMLUListElement;
  private options: { element: HTMLElement; option: Option }[] = [];
  private active = -1;

  constructor(private readonly input: HTMLInputElement, className: string, label: string) {
    const id = `liste-${++count}`;
    this.element = h('ul', { class: className, id, role: 'listbox', 'aria-label': label, hidden: true });
    for (const [name, value] of Object.entries({ role: 'combobox', 'aria-autocomplete': 'list', 'aria-controls': id, 'aria-expanded': 'false', autocomplete: 'off', spellcheck: 'false' })) {
      input.setAttribute(name, value);
    }
    input.addEventListener('keydown', (event) => this.key(event));
    // Keeps the focus in the field while an option is clicked.
    this.element.addEventListener('mousedown', (event) => event.preventDefault());
  }

  get open(): boolean { return !this.element.hidden; }

  show(options: Option[], selectFirst = false): void {
    this.options = options.map((option, index) => {
      const element = h('li', { class: 'option', role: 'option', id: `${this.element.id}-${index}`, 'aria-selected': 'false', click: (event) => option.choose(event) });
      element.append(...option.node);
      return { element, option };
    });
    this.element.replaceChildren(...this.options.map(({ element }) => element));
    this.element.hidden = options.length === 0;
    this.input.setAttribute('aria-expanded', String(this.open));
    this.activate(selectFirst && options.length > 0 ? 0 : -1);
  }

  close(): void { this.show([]); }

  private activate(index: number): void {
    this.options[this.active]?.element.setAttribute('aria-selected', 'false');
    this.active = index;
    const current = this.options[index]?.element;
    current?.setAttribute('aria-selected', 'true');
    current?.scrollIntoView({ block: 'nearest' });
    if (current) this.input.setAttribute('aria-activedescendant', current.id);
    else this.input.removeAttribute('aria-activedescendant');
  }

  private key(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.options.length) {
      event.preventDefault();
      const from = this.active < 0 && step < 0 ? 0 : this.active;
      this.activate((from + step + this.options.length) % this.options.length);
    } else if (event.key === 'Enter' && this.open && this.options[this.active]) {
      event.preventDefault();
      this.options[this.active]?.option.choose(event);
    }
  }
}
