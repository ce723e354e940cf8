// What the editor asks: where a link leads, which picture, what a picture shows.
import type { Editor } from '@tiptap/core';
import { h, modal, parsePage } from './app.ts';

export interface Picked { id: string; src: string; alt: string; label: string }

/** A dialog that ends with an answer, or with nothing. */
function ask<T>(open: (answer: (value: T) => void) => HTMLDialogElement): Promise<T | null> {
  return new Promise((resolve) => {
    let given: T | null = null;
    const dialog = open((value) => {
      given = value;
      dialog.close();
    });
    dialog.addEventListener('close', () => resolve(given));
  });
}

function field(label: string, input: HTMLInputElement, hint: string): HTMLElement {
  const id = `aide-${input.id}`;
  input.setAttribute('aria-describedby', id);
  return h('div', { class: 'field' }, h('label', { for: input.id }, label), h('p', { class: 'hint', id }, hint), input);
}

/** Puts a link on the words chosen, changes it, or takes it away. */
export async function askLink(editor: Editor): Promise<void> {
  const now = (editor.getAttributes('link')['href'] as string | undefined) ?? '';
  const input = h('input', { id: 'lien-adresse', type: 'text', value: now, autofocus: true, inputmode: 'url', autocomplete: 'off', spellcheck: 'false' });
  const typed = await ask<string>((answer) => {
    const error = h('p', { class: 'error', role: 'alert', hidden: true });
    const form = h('form', { class: 'form', submit: (event) => {
      event.preventDefault();
      const address = whole(input.value.trim());
      if (address) return answer(address);
      error.hidden = false;
      error.textContent = 'Indiquez une adresse, par exemple www.caf.fr, /agenda ou accueil@mjc.fr.';
      input.focus();
    } },
      field('Adresse', input, 'Un site, une page de celui-ci (/agenda), une adresse électronique ou un téléphone.'), error,
      h('div', { class: 'modal-actions' },
        now && h('button', { type: 'button', class: 'button', click: () => answer('') }, 'Retirer le lien'),
        h('button', { type: 'button', class: 'button', click: () => dialog.close() }, 'Fermer'),
        h('button', { class: 'button button--primary' }, 'Poser le lien')));
    const dialog = modal('Lien', form);
    return dialog;
  });
  if (typed === null) return void editor.commands.focus();
  const chain = editor.chain().focus().extendMarkRange('link');
  if (!typed) chain.unsetLink().run();
  else if (editor.state.selection.empty && !now) chain.insertContent({ type: 'text', text: typed.replace(/^(https?:\/\/|mailto:|tel:)/, ''), marks: [{ type: 'link', attrs: { href: typed } }] }).run();
  else chain.setLink({ href: typed }).run();
}

/** A whole address of what people type; empty when it is none. */
function whole(typed: string): string {
  if (/^(https?:\/\/\S+|mailto:\S+|tel:[+\d]+|\/[^/\\\s]\S*|\/|#\S+)$/i.test(typed)) return typed;
  if (/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(typed)) return `mailto:${typed}`;
  if (/^\+?[\d .]{10,}$/.test(typed)) return `tel:${typed.replace(/[ .]/g, '')}`;
  return /^[^\s/]+\.[a-z]{2,}(\/\S*)?$/i.test(typed) ? `https://${typed}` : '';
}

/** What the picture under the cursor shows, for who does not see it. */
export async function describePicture(editor: Editor): Promise<void> {
  const now = (editor.getAttributes('figure')['alt'] as string | undefined) ?? '';
  const input = h('input', { id: 'image-description', type: 'text', value: now, maxlength: 200, autofocus: true });
  const typed = await ask<string>((answer) => {
    const form = h('form', { class: 'form', submit: (event) => {
      event.preventDefault();
      answer(input.value.trim());
    } },
      field('Ce que montre l’image', input, 'Lu à qui ne la voit pas. Vide\u00a0: l’image est décorative et n’est pas lue.'),
      h('div', { class: 'modal-actions' },
        h('button', { type: 'button', class: 'button', click: () => dialog.close() }, 'Fermer'),
        h('button', { class: 'button button--primary' }, 'Enregistrer')));
    const dialog = modal('Décrire l’image', form);
    return dialog;
  });
  if (typed !== null) editor.chain().focus().updateAttributes('figure', { alt: typed }).run();
  else editor.commands.focus();
}

/** A picture of the library, or one sent now. */
export async function choosePicture(url: string, file?: File): Promise<Picked | null> {
  const response = await fetch(url).catch(() => null);
  const page = response?.ok && !response.redirected ? parsePage(await response.text()) : null;
  const upload = page?.querySelector<HTMLFormElement>('#ajouter-image');
  if (!page || !upload) {
    modal('Image', h('p', {}, 'La bibliothèque ne répond pas. Enregistrez votre texte, reconnectez-vous si besoin, puis réessayez.'));
    return null;
  }
  return ask<Picked>((answer) => {
    const library = page.querySelector<HTMLElement>('#bibliotheque');
    const place = h('div', {}, document.adoptNode(upload));
    send(place, answer);
    const input = place.querySelector<HTMLInputElement>('input[type=file]');
    if (file && input) {
      const chosen = new DataTransfer();
      chosen.items.add(file);
      input.files = chosen.files;
    }
    const dialog = modal('Image', h('details', { open: Boolean(file) || !library }, h('summary', {}, 'Envoyer une image'), place),
      library && h('h3', {}, 'Choisir dans la bibliothèque'), library && document.adoptNode(library),
      h('div', { class: 'modal-actions' }, h('button', { type: 'button', class: 'button', click: () => dialog.close() }, 'Fermer')));
    dialog.classList.add('modal--wide');
    dialog.addEventListener('click', (event) => {
      const link = (event.target as Element).closest<HTMLElement>('[data-pick]');
      if (!link) return;
      event.preventDefault();
      const { pick = '', src = '', alt = '' } = link.dataset;
      answer({ id: pick, src, alt, label: link.textContent?.trim() ?? '' });
    });
    return dialog;
  });
}

/** Sends the form where it stands; what is refused comes back beside its field, the file still chosen. */
function send(place: HTMLElement, answer: (picked: Picked) => void): void {
  place.addEventListener('submit', async (event) => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const button = form.querySelector<HTMLButtonElement>('button');
    const files = form.querySelector<HTMLInputElement>('input[type=file]')?.files ?? null;
    button?.setAttribute('aria-busy', 'true');
    const response = await fetch(form.action, { method: 'POST', body: new FormData(form), headers: { accept: 'application/json' } }).catch(() => null);
    button?.removeAttribute('aria-busy');
    if (response?.ok) return answer((await response.json()) as Picked);
    const text = (await response?.text()) ?? '';
    const fresh = response?.status === 422 && !text.startsWith('{') ? parsePage(text).querySelector<HTMLFormElement>('#ajouter-image') : null;
    if (!fresh) {
      const said = text.startsWith('{') ? (JSON.parse(text) as { error?: string }).error : null;
      form.querySelector('.upload-error')?.remove();
      form.prepend(h('p', { class: 'error upload-error', role: 'alert' }, said ?? 'L’envoi n’a pas abouti. Réessayez dans un instant.'));
      return;
    }
    const drawn = document.adoptNode(fresh);
    form.replaceWith(drawn);
    const input = drawn.querySelector<HTMLInputElement>('input[type=file]');
    if (input && files && drawn.querySelectorAll('.error').length > 1) {
      input.files = files;
      // The file is still there: only the other fields are to be corrected.
      drawn.querySelector('#fichier-erreur')?.remove();
      input.closest('.field')?.classList.remove('field--invalid');
    }
    drawn.querySelector<HTMLElement>('[aria-invalid=true], .field--invalid input')?.focus();
  });
}
