import assert from 'node:assert/strict';
import { emptyNetwork } from '../harness.mjs';
import { box, connectMailbox, deliver, imap, smtp } from '../mail.mjs';

export default {
  async 'a coordinator connects the mailbox, deals with twenty messages by keyboard alone and answers with a saved reply'({ visitor, width }) {
    assert.ok(imap && smtp, 'scripts/mail.sh starts the servers of this journey');
    const address = `coordination-${width}-${Date.now()}@cantal.test`;
    await emptyNetwork(visitor, width > 600 ? ['15', 'Cantal', 'cantal'] : ['43', 'Haute-Loire', 'haute-loire']);
    const { page } = visitor;
    const { keyboard } = page;
    await deliver(Array.from({ length: 21 }, (_, n) => ({
      from: `animatrice${n}@structure.test`, to: address, subject: `Demande ${n}`, id: `d${n}-${width}-${Date.now()}`, body: `Bonjour, voici ma demande ${n}. Merci !`,
    })));
    await connectMailbox(visitor, address);
    for (let turn = 0; turn < 100 && await page.locator('[data-row-link]').count() < 21; turn += 1) {
      await page.waitForTimeout(200);
      await page.goto(`${visitor.home}${box}`);
    }
    await visitor.visit(box);
    assert.equal(await page.locator('[data-row-link]').count(), 21);
    await visitor.picture('var/browser', `mailbox-list-${width}`);

    await keyboard.press('j');
    await visitor.follow(() => keyboard.press('Enter'));
    await page.frameLocator('iframe').getByText('voici ma demande').waitFor();
    await visitor.picture('var/browser', `mailbox-conversation-${width}`);
    // Done, waiting, archived, put off: each key leads on to the next.
    for (let n = 0; n < 20; n += 1) await visitor.follow(() => keyboard.press(['e', 'w', 'a', 's', 'e'][n % 5]));
    const left = page.url();
    assert.match(left, /conversations/);

    await visitor.visit('/espace/messagerie/reponses/nouvelle');
    await page.getByLabel('Nom').fill('Bien reçu');
    await page.getByRole('textbox', { name: 'Texte' }).click();
    await keyboard.type('Bonjour, votre demande est bien arrivée.');
    await visitor.follow(() => page.getByRole('button', { name: 'Enregistrer', exact: true }).click());
    await visitor.visit(left);
    await visitor.follow(() => keyboard.press('r'));
    await visitor.follow(() => page.getByRole('button', { name: 'Insérer', exact: true }).click());
    await page.getByRole('textbox', { name: 'Message' }).getByText('bien arrivée').waitFor();
    await visitor.picture('var/browser', `mailbox-composer-${width}`);
    await page.getByRole('textbox', { name: 'Message' }).click();
    await visitor.follow(() => keyboard.press('Control+Enter'));
    await page.getByText('quinze secondes').waitFor();
    await visitor.visit(left);
    await page.getByText('Traité', { exact: true }).first().waitFor();
    await visitor.visit(`${box}?vue=reportees`);
    assert.equal(await page.locator('[data-row-link]').count(), 4);
    await visitor.visit(box);
    await page.getByText('Rien ici').waitFor();
  },

  async 'a message becomes a task, a letter goes to a list, and who could not be reached is seen'({ visitor, width }) {
    const stamp = `${width}-${Date.now()}`;
    const address = `reseau-${stamp}@allier.test`;
    await emptyNetwork(visitor, width > 600 ? ['03', 'Allier', 'allier'] : ['09', 'Ariège', 'ariege']);
    const { page } = visitor;
    const press = (name) => visitor.follow(() => page.getByRole('button', { name, exact: true }).click());
    await deliver([{ from: 'direction@mjc.test', to: address, subject: 'Deux papiers', id: `t${stamp}`, body: 'Bonjour, il manque deux papiers.' }]);
    await connectMailbox(visitor, address);
    const arrived = page.locator('[data-row-link]');
    for (let turn = 0; turn < 100 && !await arrived.count(); turn += 1) {
      await page.waitForTimeout(200);
      await page.goto(`${visitor.home}${box}`);
    }
    await visitor.follow(() => arrived.first().click());
    await page.getByLabel('Tâche').fill('Demander les deux papiers');
    await page.getByRole('heading', { level: 1 }).click();
    await visitor.follow(() => page.keyboard.press('d'));
    await visitor.visit('/espace/accompagnement/taches');
    await page.getByText('Demander les deux papiers').first().waitFor();

    await visitor.visit('/espace/messagerie/listes/nouvelle');
    await page.locator('#nom').fill('Nos adresses');
    await page.locator('#ajouts').fill(`Lou <lou-${stamp}@allier.test>\nBoîte pleine <x-${stamp}@plein.test>`);
    await press('Enregistrer la liste');
    await visitor.visit('/espace/messagerie/lettres');
    await page.locator('#modele').selectOption('lettre');
    await press('Commencer');
    await page.locator('#objet').fill('La lettre du réseau');
    await page.locator('#sujet').selectOption({ label: 'Messages indispensables' });
    await page.locator('#compte').selectOption({ label: address });
    await page.getByRole('checkbox', { name: 'Nos adresses' }).check();
    await press('Enregistrer');
    await visitor.follow(() => page.getByRole('link', { name: 'Envoyer…' }).click());
    await page.getByText(/2 personnes recevront ce message/).waitFor();
    await press('Envoyer maintenant');
    const follow = page.url();
    // Fifteen seconds to change one’s mind, then the server’s report, then the mailbox that reads it.
    const settled = async () => await page.getByText(/552/).count() && await page.getByRole('row', { name: /Lou/ }).getByText('Parti').count();
    for (let turn = 0; turn < 70 && !await settled(); turn += 1) {
      await page.waitForTimeout(1000);
      await page.goto(follow);
    }
    await visitor.visit(follow);
    await page.getByRole('row', { name: /Boîte pleine/ }).getByText('Revenu').waitFor();
    await page.getByRole('row', { name: /Lou/ }).getByText('Parti').waitFor();
    await visitor.picture('var/browser', `letter-bounced-${width}`);
  },

  async 'the mailbox of the demonstration shows who writes, what a young person needs, and keeps a draft by itself'({ visitor, width }) {
    const { page } = await visitor.signIn();
    await visitor.visit(`${box}?vue=toutes`);
    await visitor.picture('var/browser', `mailbox-demo-${width}`);
    await visitor.follow(() => page.locator('[data-row-link]', { hasText: 'Absent au regroupement' }).click());
    await page.getByRole('link', { name: 'Baptiste Costa' }).first().waitFor();
    await visitor.visit(`${box}?vue=toutes`);
    await visitor.follow(() => page.locator('[data-row-link]', { hasText: 'sans titre' }).click());
    await page.getByText('Ce message semble venir d’un jeune').waitFor();
    await visitor.picture('var/browser', `mailbox-young-${width}`);
    await visitor.visit(box);
    await visitor.follow(() => page.getByRole('button', { name: 'Écrire' }).click());
    await page.getByLabel('Objet').fill('Regroupement');
    await page.getByText(/^Enregistré à/).waitFor();
    const form = page.url();
    await page.goto(`${visitor.home}${box}`);
    await page.goto(form);
    assert.equal(await page.getByLabel('Objet').inputValue(), 'Regroupement');
    await visitor.look();
    await visitor.visit('/espace/messagerie/regles/nouvelle');
    await visitor.visit('/espace/messagerie/connexion');
  },
};
