import assert from 'node:assert/strict';

const tomorrow = (days) => {
  const day = new Date(Date.now() + days * 24 * 3600 * 1000);
  return `${day.toLocaleDateString('sv')}T14:00`;
};

export default {
  async 'a working group is founded, meets, and who is convened answers by their link'({ visitor, newVisitor, width }) {
    const { page } = await visitor.signIn();
    const name = `Groupe parentalité ${width}`;
    await visitor.visit('/espace/gouvernance/comites');
    await visitor.picture('var/browser', `committees-${width}`);
    await visitor.follow(() => page.getByRole('link', { name: 'Créer un comité' }).click());
    await page.locator('#type').selectOption('working_group');
    await page.locator('#nom').fill(name);
    await page.locator('#quorum').fill('50');
    await visitor.follow(() => page.getByRole('button', { name: 'Créer le comité' }).click());

    // Two seats, one after the other, without going back to the list.
    await visitor.follow(() => page.getByRole('link', { name: 'Ajouter un siège' }).click());
    for (const [organisation, person, email, button] of [
      ['Département de la Drôme', 'Ana Lopes', `ana-${width}@departement.example`, 'Ajouter, puis un autre'],
      ['Fédération des Mjc', 'Luc Roy', `luc-${width}@mjc.example`, 'Ajouter le siège'],
    ]) {
      await page.locator('#organisme').fill(organisation);
      await page.keyboard.press('Escape');
      await page.locator('#titular-nom').fill(person);
      await page.locator('#titular-courriel').fill(email);
      await visitor.follow(() => page.getByRole('button', { name: button, exact: true }).click());
    }
    await page.getByRole('cell', { name: 'Luc Roy' }).waitFor();
    await visitor.follow(() => page.getByRole('link', { name: 'Fixer un objectif' }).click());
    await page.locator('#titre').fill('Trois cafés des parents');
    await page.locator('#avancement').fill('40');
    await visitor.follow(() => page.getByRole('button', { name: 'Fixer l’objectif' }).click());
    await visitor.picture('var/browser', `committee-${width}`);

    await visitor.visit('/espace/gouvernance/reunions');
    await visitor.picture('var/browser', `meetings-${width}`);
    await visitor.follow(() => page.getByRole('link', { name: 'Planifier une réunion' }).click());
    await page.locator('#comite').selectOption({ label: name });
    await page.locator('#titre').fill(`Lancement ${width}`);
    await page.locator('#moment').fill(tomorrow(20));
    await page.locator('#lieu').fill('Maison des associations, Crest');
    await visitor.follow(() => page.getByRole('button', { name: 'Planifier la réunion' }).click());
    const meeting = page.url();
    await visitor.follow(() => page.getByRole('link', { name: 'Préparer' }).click());
    await visitor.follow(() => page.getByRole('button', { name: 'Partir de l’ordre du jour habituel' }).click());
    await visitor.follow(() => page.getByRole('button', { name: 'Descendre : Suivi des décisions précédentes' }).click());
    await visitor.picture('var/browser', `agenda-${width}`);

    await visitor.visit(`${meeting}/convocation`);
    await visitor.picture('var/browser', `convocation-${width}`);
    await visitor.follow(() => page.getByRole('button', { name: 'Envoyer les convocations' }).click());
    await page.getByText('Les convocations partent dans quelques secondes.').waitFor();
    await visitor.follow(() => page.getByRole('button', { name: 'Annuler l’envoi' }).click());
    await page.getByText('personne n’a été convoqué').waitFor();
    await visitor.visit(`${meeting}/convocation`);
    await visitor.follow(() => page.getByRole('button', { name: 'Envoyer les convocations' }).click());

    // This instance shows its messages instead of sending them.
    await visitor.visit('/espace/reglages/courriels');
    await visitor.follow(() => page.getByRole('link', { name: `Convocation : Lancement ${width}` }).first().click());
    const said = await page.locator('main').innerText();
    const link = said.match(/\/reunion\/[\w.-]+/u)[0];
    const guest = await newVisitor();
    await guest.visit(`${link}?reponse=oui`);
    assert.ok(await guest.page.getByLabel('Je serai là').isChecked());
    await guest.picture('var/browser', `answer-${width}`);
    await guest.follow(() => guest.page.getByRole('button', { name: 'Envoyer ma réponse' }).click());
    await guest.page.getByText('votre réponse est notée').waitFor();
    assert.equal(await guest.visit(`${link.slice(0, -3)}`), 410);

    await visitor.visit(meeting);
    await page.getByText('Quorum atteint').waitFor();
    await visitor.picture('var/browser', `meeting-${width}`);
  },

  async 'a member of the committee reads it and proposes an item'({ visitor, width }) {
    const { page } = await visitor.signIn('partenaire@demo.example');
    await visitor.visit('/espace/gouvernance/reunions');
    await visitor.follow(() => page.getByRole('link', { name: 'Copil de fin d’année' }).click());
    await visitor.follow(() => page.getByRole('link', { name: 'Proposer un point' }).click());
    await page.locator('#titre').fill(`Mobilités des jeunes ${width}`);
    await visitor.follow(() => page.getByRole('button', { name: 'Proposer', exact: true }).click());
    await page.getByText('Point proposé à la coordination.').waitFor();
    await page.getByText(`Mobilités des jeunes ${width}`).waitFor();
    assert.equal(await visitor.visit(`${page.url().replace('/ordre-du-jour', '')}/modifier`), 403);
  },
};
