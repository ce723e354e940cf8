// Boards: a card (`data-board-card`) is dragged to a column (`data-board-column`: its code), which presses the button of the
// card's own form that has this value. What the form does, where it answers and what is said is the form's affair; a column
// for which a card has no button does not take it.
import { each, enhance } from './dom.ts';

const CARD = '[data-board-card]';
const COLUMN = '[data-board-column]';

let carried: HTMLElement | null = null;

export function board(): void {
  enhance((root) => each(root, CARD, (card) => {
    card.draggable = true;
    // A link would be dragged by itself, as an address.
    card.querySelectorAll('a').forEach((link) => (link.draggable = false));
  }));
  document.addEventListener('dragstart', take);
  document.addEventListener('dragover', over);
  document.addEventListener('drop', drop);
  document.addEventListener('dragend', end);
}

function take(event: DragEvent): void {
  const card = event.target instanceof HTMLElement && event.target.matches(CARD) ? event.target : null;
  if (!card || !event.dataTransfer) return;
  carried = card;
  event.dataTransfer.effectAllowed = 'move';
  // Some browsers drag nothing that carries nothing.
  event.dataTransfer.setData('text/plain', card.querySelector('h3, a')?.textContent?.trim() ?? '');
  card.classList.add('is-carried');
  for (const column of columns(card)) column.classList.toggle('takes', Boolean(way(card, column)));
}

function over(event: DragEvent): void {
  const column = under(event);
  const takes = carried && column && way(carried, column);
  for (const one of carried ? columns(carried) : []) one.classList.toggle('is-over', Boolean(takes) && one === column);
  if (!takes) return;
  event.preventDefault();
  if (event.dataTransfer) event.dataTransfer.dropEffect = 'move';
}

function drop(event: DragEvent): void {
  const column = under(event);
  const button = carried && column && way(carried, column);
  if (!button) return;
  event.preventDefault();
  end();
  button.form?.requestSubmit(button);
}

function end(): void {
  if (!carried) return;
  carried.classList.remove('is-carried');
  for (const column of document.querySelectorAll(COLUMN)) column.classList.remove('takes', 'is-over');
  carried = null;
}

function under(event: DragEvent): HTMLElement | null {
  return event.target instanceof Element ? event.target.closest<HTMLElement>(COLUMN) : null;
}

function columns(card: HTMLElement): HTMLElement[] {
  return Array.from(card.closest('[data-board]')?.querySelectorAll<HTMLElement>(COLUMN) ?? []);
}

/** The button that moves a card to a column; none in the column where it is, and none once the card was drawn anew. */
function way(card: HTMLElement, column: HTMLElement): HTMLButtonElement | null {
  if (!columns(card).includes(column) || column.contains(card)) return null;
  return card.querySelector<HTMLButtonElement>(`form button[value="${CSS.escape(column.dataset['boardColumn'] ?? '')}"]`);
}
