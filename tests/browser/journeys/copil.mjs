import assert from 'node:assert/strict';
import { emptyNetwork, password } from '../harness.mjs';
import { connectMailbox, imap, received, smtp } from '../mail.mjs';
import { file, soon } from '../moments.mjs';
import { cuttable, notes, says, state, type } from '../notes.mjs';

const title = 'Copil de printemps';
const members = [
  { name: 'Hélène Roux', organisation: 'Caf du Puy-de-Dôme', email: 'helene.roux@caf63.test', role: 'caf' },
  { name: 'Marc Faure', organisation: 'Département du Puy-de-Dôme', email: 'marc.faure@departement63.test', role: 'partner' },
];

/** The path of the personal link that a message holds. */
const link = ({ text }, kind) => text.match(new RegExp(`/${kind}/[\\w.-]+`, 'u'))[0];

/** From the date to the task: three people, three browsers, three mailboxes. */
async function wholeLife({ visitor, newVisitor, width }) {
  assert.ok(imap && smtp, 'scripts/mail.sh starts the servers of this journey');
  await emptyNetwork(visitor, ['63', 'Puy-de-Dôme', 'puy-de-dome']);
  const { page } = visitor;
  const press = (name, on = visitor) => on.follow(() => on.page.getByRole('button', { name, exact: true }).click());
  await connectMailbox(visitor, 'coordination@pdn63.test');
  for (const { email, name, role } of members) {
    visitor.server.command(['user', 'create', '--network', '63', '--email', email, '--name', name, '--role', role, '--password-stdin'], `${password}\n`);
  }
  const others = [];
  for (const { email } of members) {
    const other = await newVisitor();
    other.home = visitor.home;
    await other.signIn(email);
    others.push(other);
  }
  const [caf, partner] = others;

  await visitor.visit('/espace/gouvernance/comites/nouveau?type=steering');
  await page.locator('#quorum').fill('50');
  await press('Créer le comité');
  await visitor.follow(() => page.getByRole('link', { name: 'Ajouter un siège' }).click());
  for (const { organisation, name, email } of members) {
    await page.locator('#organisme').fill(organisation);
    await page.keyboard.press('Escape');
    await page.locator('#titular-nom').fill(name);
    await page.locator('#titular-courriel').fill(email);
    await press(email === members[0].email ? 'Ajouter, puis un autre' : 'Ajouter le siège');
  }

  // The date is sought: everyone answers by the link that came to their own mailbox.
  await visitor.visit('/espace/gouvernance/reunions/nouvelle');
  await page.locator('#titre').fill(title);
  await page.locator('#lieu').fill('Caf du Puy-de-Dôme, Clermont-Ferrand');
  await press('Planifier la réunion');
  const meeting = new URL(page.url()).pathname;
  await visitor.follow(() => page.getByRole('link', { name: 'Trouver une date par un sondage' }).click());
  const starts = soon(110);
  await page.locator('#date-1').fill(starts.shown);
  await page.locator('#date-2').fill(soon(24 * 3600).shown);
  await page.getByLabel('On répond jusqu’au').fill(soon(24 * 3600).shown.slice(0, 10));
  await press('Préparer le sondage');
  await press('Envoyer le sondage à 2 personnes');
  const poll = new URL(page.url()).pathname;
  for (const [at, { email }] of members.entries()) {
    const guest = others[at];
    await guest.open(link(await received(email, 'Quelles dates vous conviennent'), 'sondage'));
    await guest.page.locator('fieldset').nth(0).getByLabel('Oui', { exact: true }).check();
    await guest.page.locator('fieldset').nth(1).getByLabel(at ? 'Non' : 'Si besoin', { exact: true }).check();
    await press('Envoyer mes réponses', guest);
  }
  await visitor.visit(poll);
  await page.getByText('tout le monde a répondu', { exact: false }).first().waitFor();
  await visitor.follow(() => page.getByRole('link', { name: 'Choisir la date' }).click());
  await press('Choisir cette date');

  // The agenda, the dossier made from what the network knows, the convocation that brings it.
  await visitor.visit(`${meeting}/ordre-du-jour`);
  await press('Partir de l’ordre du jour habituel');
  await visitor.visit(`${meeting}/pieces`);
  await page.locator('#fichier').setInputFiles({ name: 'budget.csv', mimeType: 'text/csv', buffer: Buffer.from('poste;euros\nCoordination;24000\n') });
  await page.locator('#titre').fill('Budget prévisionnel');
  await visitor.follow(() => page.getByRole('button', { name: 'Ajouter', exact: true }).click());
  await press('Préparer le dossier (PDF)');
  await visitor.picture('var/browser', `papers-${width}`);
  await visitor.visit(`${meeting}/convocation`);
  assert.ok(await page.getByLabel('Joindre le dossier de séance').isChecked());
  await visitor.picture('var/browser', `convocation-dossier-${width}`);
  await press('Envoyer les convocations');
  for (const [at, { email }] of members.entries()) {
    const convocation = await received(email, `Convocation : ${title}`);
    assert.deepEqual(convocation.files.map(({ name }) => name.split('.').pop()).sort(), ['ics', 'pdf']);
    assert.equal(convocation.files.find(({ name }) => name.endsWith('.pdf')).start, '%PDF-');
    const guest = others[at];
    await guest.open(`${link(convocation, 'reunion')}?reponse=oui`);
    await guest.page.getByText('Budget prévisionnel').waitFor();
    await press('Envoyer ma réponse', guest);
  }
  await visitor.visit(meeting);
  await page.getByText('Quorum atteint').waitFor();

  // In session: the secretary leads, members write with her; one of them loses the network for a while.
  await visitor.visit(`${meeting}/seance`);
  await press('Ouvrir la séance');
  await page.getByRole('button', { name: 'Reprendre les réponses' }).click();
  await page.locator('#presences').getByText('2 présents').waitFor();
  await page.getByRole('button', { name: /Suivi des décisions/ }).click();
  await page.locator('[data-timer]').waitFor();
  await visitor.open(`${meeting}/seance`);
  await press('Ouvrir les notes aux membres');
  const line = await cuttable(partner.page);
  for (const other of others) {
    await other.visit(meeting);
    await other.follow(() => other.page.getByRole('link', { name: 'Prendre des notes' }).click());
  }
  const pages = [page, caf.page, partner.page];
  for (const one of pages) await state(one).getByText('Tout est enregistré.').waitFor();
  await type(page, 'La séance est ouverte.');
  await says(caf.page, 'La séance est ouverte.');
  await type(caf.page, ' La Caf rappelle le calendrier.');
  await says(page, 'La Caf rappelle le calendrier.');
  await line.cut();
  await partner.page.getByText('Le réseau est coupé').waitFor();
  await notes(partner.page).click();
  await partner.page.keyboard.press('Control+Home');
  await partner.page.keyboard.type('Le Département excuse un retard. ');
  await type(page, ' Deux postes sont demandés.');
  line.mend();
  const whole = 'Le Département excuse un retard. La séance est ouverte. La Caf rappelle le calendrier. Deux postes sont demandés.';
  for (const one of pages) await says(one, whole, { timeout: 30_000 });
  for (const one of pages) await state(one).getByText('Tout est enregistré.').waitFor();
  await caf.picture('var/browser', `shared-notes-${width}`);
  // The secretary goes on: the others hear of it without asking.
  await page.getByRole('button', { name: 'Point traité, suivant' }).click();
  await page.getByRole('heading', { name: /Point sur la mise en œuvre/ }).waitFor();
  await caf.page.getByText(/La séance en est à/).waitFor({ timeout: 15_000 });
  await caf.look();
  await caf.picture('var/browser', `shared-notes-gone-on-${width}`);
  await caf.follow(() => caf.page.getByRole('link', { name: 'Suivre' }).click());
  await caf.page.getByRole('heading', { name: /Point sur la mise en œuvre/ }).waitFor();

  await page.locator('#texte').fill('Ouvrir deux postes dans les Combrailles');
  await page.getByLabel('Par un vote').check();
  for (const [field, count] of [['pour', 2], ['contre', 0], ['abstentions', 0]]) await page.locator(`#${field}`).fill(String(count));
  await page.locator('#responsable').selectOption({ label: 'Marc Faure' });
  await page.getByLabel('Créer aussi la tâche').check();
  await press('Enregistrer la décision');
  const wait = starts.at.getTime() - Date.now();
  if (wait > 0) await page.waitForTimeout(wait + 500);
  await visitor.open(`${meeting}/seance`);
  await page.getByRole('button', { name: 'Clore la séance' }).click();
  await visitor.follow(() => page.getByRole('dialog').getByRole('button', { name: /Clore|Confirmer|Continuer|Oui/ }).click());

  // The minutes: written from all this, read by a member, validated, sent.
  await visitor.follow(() => page.getByRole('link', { name: 'Compte rendu' }).click());
  await press('Rédiger le compte rendu');
  await page.getByRole('textbox', { name: 'Texte' }).getByText('Deux postes sont demandés.').waitFor();
  await press('Enregistrer');
  await press('Soumettre aux membres');
  await partner.visit(`${meeting}/compte-rendu`);
  await partner.page.getByText('Faire une remarque').click();
  await partner.page.locator('#passage').fill('Deux postes sont demandés.');
  await partner.page.locator('#redaction').fill('Deux postes sont demandés dans les Combrailles.');
  await press('Envoyer la remarque', partner);
  await visitor.visit(`${meeting}/compte-rendu`);
  await press('Retenir et modifier le texte');
  await page.getByRole('button', { name: 'Valider le compte rendu' }).click();
  await visitor.follow(() => page.getByRole('dialog').getByRole('button', { name: /Valider|Confirmer|Continuer|Oui/ }).click());
  await visitor.follow(() => page.getByRole('link', { name: 'Diffuser', exact: true }).click());
  await press('Envoyer le compte rendu');

  // One file for all: in two mailboxes, and for three people on the site.
  const prints = [];
  for (const { email } of members) {
    const sent = await received(email, `Compte rendu : ${title}`);
    assert.deepEqual(sent.files.map(({ start }) => start), ['%PDF-']);
    prints.push(sent.files[0].print);
  }
  for (const one of [page, caf.page, partner.page]) prints.push((await file(one, `${meeting}/compte-rendu/1/pdf`)).print);
  assert.equal(prints.length, 5);
  assert.equal(new Set(prints).size, 1);

  // What was decided waits on its owner's page; done, it is done in the register, and the next meeting is told.
  await partner.visit('/espace');
  await press('Fait : Ouvrir deux postes dans les Combrailles', partner);
  await visitor.visit('/espace/gouvernance/decisions?liste=toutes');
  await visitor.follow(() => page.getByRole('row', { name: /Combrailles/ }).getByRole('link').first().click());
  await page.getByText('Fait').first().waitFor();
  await visitor.visit('/espace/accompagnement/journal');
  await page.getByText(`Compte rendu : ${title}`).first().waitFor();
}

wholeLife.widths = [1280];

export default {
  'a Copil from the date to the task it gives: three people, three browsers, three mailboxes': wholeLife,
};
