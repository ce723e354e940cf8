// button[data-copy="text"] or button[data-copy-from="#id"].
import { announce } from './dom.ts';

export function copy(): void {
  document.addEventListener('click', (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>('button[data-copy], button[data-copy-from]');
    if (!button) return;
    const from = button.dataset['copyFrom'] ? document.querySelector(button.dataset['copyFrom']) : null;
    const text = from instanceof HTMLInputElement || from instanceof HTMLTextAreaElement ? from.value : (from?.textContent ?? button.dataset['copy'] ?? '');
    const label = button.querySelector('span') ?? button;
    const usual = button.dataset['label'] ?? (button.dataset['label'] = label.textContent ?? '');
    const say = (words: string) => {
      announce(words);
      label.textContent = words;
      setTimeout(() => (label.textContent = usual), 2500);
    };
    navigator.clipboard.writeText(text.trim()).then(() => say('Copié'), () => say('Copie impossible'));
  });
}
