// Ticking rows: all at once, or a range with the shift key, with a count of what will be touched.
import { each, enhance } from './dom.ts';

export function selectAll(): void {
  enhance((root) => each<HTMLTableElement>(root, 'table:has([data-select-all])', attach));
}

function attach(table: HTMLTableElement): void {
  const head = table.querySelector<HTMLInputElement>('[data-select-all]');
  if (!head) return;
  const boxes = () => Array.from(table.querySelectorAll<HTMLInputElement>('tbody .check input, tbody input[data-select]'));
  const scope: ParentNode = table.closest('form') ?? document;
  let last: HTMLInputElement | null = null;

  const refresh = () => {
    const all = boxes();
    const ticked = all.filter((box) => box.checked).length;
    head.checked = ticked > 0 && ticked === all.length;
    head.indeterminate = ticked > 0 && ticked < all.length;
    each(scope, '[data-selected-count]', (place) => (place.textContent = ticked ? `${ticked} sélectionné${ticked > 1 ? 's' : ''}` : ''));
    each<HTMLButtonElement>(scope, '[data-needs-selection]', (button) => (button.disabled = ticked === 0));
  };
  table.addEventListener('click', (event) => {
    const box = event.target as HTMLInputElement;
    if (box === head) for (const one of boxes()) one.checked = head.checked;
    else if (boxes().includes(box)) {
      const all = boxes();
      if (event.shiftKey && last) {
        const [from = 0, to = 0] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
        for (const one of all.slice(from, to + 1)) one.checked = box.checked;
      }
      last = box;
    } else return;
    refresh();
  });
  refresh();
}
