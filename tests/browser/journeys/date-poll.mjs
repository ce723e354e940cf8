import assert from 'node:assert/strict';

const at = (days, hour) => {
  const day = new Date(Date.now() + days * 24 * 3600 * 1000);
  return `${day.toLocaleDateString('sv')}T${hour}`;
};

export default {
  async 'a date is sought, people answer by their links, and it is chosen'({ visitor, newVisitor, width }) {
    const { page } = await visitor.signIn();
    const title = `Réunion des référents ${width}`;
    await visitor.visit('/espace/agenda/sondages');
    await visitor.picture('var/browser', `polls-${width}`);
    await visitor.follow(() => page.getByRole('link', { name: 'Chercher une date' }).click());
    await page.locator('#titre').fill(title);
    await page.locator('#mot').fill('Une heure pour préparer le printemps.');
    await page.locator('#lieu').fill('Maison des associations, Crest');
    await page.locator('#date-1').fill(at(20, '09:30'));
    await page.locator('#date-2').fill(at(20, '09:30'));
    await page.locator('#date-3').fill(at(22, '14:00'));
    await visitor.follow(() => page.getByRole('button', { name: 'Ajouter des dates' }).click());
    await page.locator('#date-5').fill(at(23, '09:30'));
    // The note of the draft moves the buttons of a phone: not while one of them is pressed.
    await page.getByText('Brouillon enregistré').waitFor();
    assert.equal(await visitor.follow(() => page.getByRole('button', { name: 'Préparer le sondage' }).click()), 422);
    await page.getByText('Cette date est déjà proposée.').first().waitFor();
    await visitor.picture('var/browser', `poll-form-${width}`);
    await page.locator('#date-2').fill(at(21, '09:30'));
    await visitor.follow(() => page.getByRole('button', { name: 'Préparer le sondage' }).click());

    await page.locator('#comite').selectOption({ label: 'Comité technique' });
    await page.locator('#adresses').fill(`Zoé Perrin <zoe-${width}@caf.example>\nana-${width}@departement.example`);
    await visitor.picture('var/browser', `poll-people-${width}`);
    await visitor.follow(() => page.getByRole('button', { name: 'Ajouter ces personnes' }).click());
    const poll = page.url();
    await visitor.follow(() => page.getByRole('button', { name: 'Envoyer le sondage à 6 personnes' }).click());
    await page.getByText('Les messages partent dans quelques secondes.').waitFor();
    await visitor.follow(() => page.getByRole('button', { name: 'Annuler l’envoi' }).click());
    await page.getByText('rien n’est parti').waitFor();
    await visitor.follow(() => page.getByRole('button', { name: 'Envoyer le sondage à 6 personnes' }).click());

    // This instance shows its messages instead of sending them.
    await visitor.visit('/espace/reglages/courriels');
    await visitor.follow(() => page.getByRole('link', { name: `Quelles dates vous conviennent ? ${title}` }).first().click());
    const said = await page.locator('main').innerText();
    const link = said.match(/\/sondage\/[\w.-]+/u)[0];
    const guest = await newVisitor();
    await guest.visit(link);
    for (const [row, label] of [[0, 'Oui'], [1, 'Si besoin'], [2, 'Non']]) {
      await guest.page.locator('fieldset').nth(row).getByLabel(label, { exact: true }).check();
    }
    assert.equal(await guest.follow(() => guest.page.getByRole('button', { name: 'Envoyer mes réponses' }).click()), 422);
    await guest.picture('var/browser', `poll-answer-${width}`);
    await guest.page.locator('fieldset').nth(3).getByLabel('Oui', { exact: true }).check();
    await guest.follow(() => guest.page.getByRole('button', { name: 'Envoyer mes réponses' }).click());
    await guest.page.getByText('vos réponses sont notées').waitFor();
    assert.equal(await guest.visit(link.slice(0, -3)), 410);

    await visitor.visit(poll);
    await page.getByText('1 réponse sur 6').waitFor();
    await visitor.follow(() => page.getByRole('link', { name: 'Noter la réponse de Zoé Perrin' }).click());
    await page.locator('form select').first().selectOption('oui');
    await visitor.follow(() => page.getByRole('button', { name: 'Noter la réponse' }).click());
    await visitor.picture('var/browser', `poll-${width}`);
    await visitor.follow(() => page.getByRole('link', { name: 'Choisir la date' }).click());
    await page.locator('#suite').selectOption({ label: 'Planifier une réunion : Comité technique' });
    await visitor.picture('var/browser', `poll-choice-${width}`);
    await visitor.follow(() => page.getByRole('button', { name: 'Choisir cette date' }).click());
    await page.getByText('personnes en sont averties').waitFor();
    await page.getByRole('link', { name: title }).waitFor();
    await visitor.picture('var/browser', `poll-meeting-${width}`);
    await guest.visit(link);
    await guest.page.getByText('La date est choisie').waitFor();
    await guest.picture('var/browser', `poll-answered-${width}`);
  },

  async 'a meeting without a date shows the poll that looks for it'({ visitor, width }) {
    const { page } = await visitor.signIn();
    await visitor.visit('/espace/gouvernance/reunions');
    await visitor.follow(() => page.getByRole('link', { name: 'Cotech de printemps' }).click());
    await visitor.follow(() => page.getByRole('main').getByRole('link', { name: 'Cotech de printemps' }).click());
    await page.getByText('3 réponses sur 4').waitFor();
    await visitor.picture('var/browser', `poll-demo-${width}`);
  },
};
