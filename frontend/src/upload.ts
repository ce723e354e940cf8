// Sending a file shows how far it is. Without script the form is posted as usual.
import { each, enhance, h, parsePage, sameOrigin, swap } from './dom.ts';

export function upload(): void {
  enhance((root) => each<HTMLFormElement>(root, 'form[data-upload]', attach));
}

export function size(bytes: number): string {
  const units = ['octets', 'Ko', 'Mo', 'Go'];
  const rank = Math.min(Math.floor(Math.log(Math.max(bytes, 1)) / Math.log(1024)), 3);
  return `${(bytes / 1024 ** rank).toLocaleString('fr-FR', { maximumFractionDigits: rank ? 1 : 0 })}\u00a0${units[rank]}`;
}

function attach(form: HTMLFormElement): void {
  each<HTMLInputElement>(form, 'input[type=file]', (input) => {
    const note = h('p', { class: 'hint upload-file', role: 'status' });
    input.after(note);
    input.addEventListener('change', () => {
      // What the server would refuse is refused before it travels.
      const most = Number(input.dataset.most ?? Infinity);
      const heavy = Array.from(input.files ?? []).find((file) => file.size > most);
      input.setCustomValidity(heavy ? `${heavy.name} dépasse ${size(most)}.` : '');
      if (heavy) input.reportValidity();
      note.textContent = Array.from(input.files ?? [], (file) => `${file.name} (${size(file.size)})`).join(', ');
    });
  });
  form.addEventListener('submit', (event) => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    send(form, event.submitter);
  });
}

function send(form: HTMLFormElement, submitter: HTMLElement | null): void {
  const bar = h('progress', { max: 1, value: 0, 'aria-label': 'Envoi du fichier' });
  const text = h('p', { role: 'status' }, 'Envoi en cours…');
  const box = h('div', { class: 'progress' }, bar, text);
  form.append(box);
  submitter?.setAttribute('aria-busy', 'true');
  const request = new XMLHttpRequest();
  const fail = (words: string) => {
    submitter?.removeAttribute('aria-busy');
    bar.remove();
    text.textContent = words;
    text.className = 'error';
  };
  request.upload.addEventListener('progress', ({ loaded, total, lengthComputable }) => {
    if (!lengthComputable) return bar.removeAttribute('value');
    bar.value = loaded / total;
    text.textContent = loaded < total ? `${size(loaded)} sur ${size(total)}` : 'Fichier reçu, lecture en cours…';
  });
  request.addEventListener('load', () => {
    const type = request.getResponseHeader('content-type') ?? '';
    if (request.status < 300) {
      // JSON spares reading the next page twice; a followed redirect works too.
      const next = type.startsWith('application/json') ? (JSON.parse(request.responseText) as { goto: string }).goto : request.responseURL;
      location.assign(sameOrigin(next) ?? location.href);
    } else if (type.startsWith('text/html') && request.status === 422) {
      const main = document.querySelector('#contenu');
      if (main) swap(main, parsePage(request.responseText));
      document.querySelector<HTMLElement>('.error-summary')?.focus();
    } else {
      fail(request.status === 413 ? 'Ce fichier est trop lourd.' : 'L’envoi n’a pas abouti. Réessayez dans un instant.');
    }
  });
  request.addEventListener('error', () => fail('La connexion a été interrompue. Votre fichier n’a pas été envoyé.'));
  request.open('POST', form.action);
  request.setRequestHeader('accept', 'application/json, text/html;q=0.9');
  request.send(new FormData(form, submitter));
}
