// A session that expired while someone was writing: log in again on the spot, then send what was typed.
import { h, modal } from './dom.ts';
import { guardSubmit } from './submit.ts';

export function session(): void {
  guardSubmit('form[data-keep]', async () => {
    const check = await fetch('/espace/session', { method: 'HEAD' }).catch(() => null);
    return check?.status === 401 ? logIn() : true;
  });
}

function logIn(): Promise<boolean> {
  return new Promise((resolve) => {
    const error = h('p', { class: 'error', role: 'alert', hidden: true });
    const field = (label: string, props: Record<string, string | boolean>) => h('label', { class: 'field' }, h('span', { class: 'label' }, label), h('input', { required: true, ...props }));
    const login = h('form', { method: 'post', action: '/connexion' },
      field('Adresse électronique', { type: 'email', name: 'email', autocomplete: 'username', autofocus: true }),
      field('Mot de passe', { type: 'password', name: 'password', autocomplete: 'current-password' }),
      error,
      h('div', { class: 'modal-actions' },
        h('button', { type: 'button', class: 'button', click: () => dialog.close() }, 'Plus tard'),
        h('button', { class: 'button button--primary' }, 'Me connecter et envoyer')));
    const dialog = modal('Votre session a expiré', h('p', {}, 'Rien n’est perdu : reconnectez-vous, ce que vous avez saisi sera envoyé aussitôt.'), login);
    const fail = (text: string) => {
      error.hidden = false;
      error.textContent = text;
    };
    let done = false;
    login.addEventListener('submit', async (event) => {
      event.preventDefault();
      try {
        const body = new URLSearchParams(new FormData(login) as unknown as Record<string, string>);
        const response = await fetch('/connexion', { method: 'POST', body, headers: { accept: 'application/json' } });
        if (response.status === 204) {
          done = true;
          dialog.close();
        } else if (response.status === 401 || response.status === 422) {
          fail('Adresse ou mot de passe incorrect.');
        } else {
          fail('Cette connexion demande une étape de plus. Ouvrez la page de connexion dans un autre onglet, puis envoyez de nouveau.');
        }
      } catch {
        fail('Le serveur ne répond pas. Vérifiez votre connexion puis réessayez.');
      }
    });
    dialog.addEventListener('close', () => resolve(done));
  });
}
