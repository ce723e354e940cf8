// A sentence and two buttons before what cannot easily be taken back. Works on a form or on one of its buttons.
import { h, modal } from './dom.ts';
import { guardSubmit } from './submit.ts';

export function confirm(): void {
  guardSubmit('[data-confirm]', (form, submitter) => new Promise((resolve) => {
    const asker = submitter?.dataset['confirm'] ? submitter : form;
    const danger = submitter?.classList.contains('button--danger');
    let agreed = false;
    const yes = h('button', { type: 'button', class: `button ${danger ? 'button--danger' : 'button--primary'}`, click: () => { agreed = true; dialog.close(); } },
      asker.dataset['confirmYes'] ?? submitter?.textContent?.trim() ?? 'Continuer');
    const no = h('button', { type: 'button', class: 'button', autofocus: true, click: () => dialog.close() }, 'Annuler');
    const dialog = modal(asker.dataset['confirmTitle'] ?? 'Confirmez-vous ?', h('p', {}, asker.dataset['confirm'] ?? ''), h('div', { class: 'modal-actions' }, no, yes));
    dialog.addEventListener('close', () => {
      (submitter ?? form).focus();
      resolve(agreed);
    });
  }));
}
