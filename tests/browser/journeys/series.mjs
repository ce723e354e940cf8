import assert from 'node:assert/strict';

/** The first day of a month that comes, so many months from now. */
const firstDay = (months) => {
  const now = new Date();
  const day = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months, 1));
  return day.toISOString().slice(0, 10);
};

export default {
  async 'the year of a committee is planned in one form, one meeting and those after it change, and someone is replaced once convened'({ visitor, newVisitor, width }) {
    const { page } = await visitor.signIn();
    const name = `Cotech de l’année ${width}`;
    await visitor.visit('/espace/gouvernance/comites/nouveau');
    await page.locator('#type').selectOption('technical');
    await page.locator('#nom').fill(name);
    await page.locator('#quorum').fill('50');
    await visitor.follow(() => page.getByRole('button', { name: 'Créer le comité' }).click());
    const committee = new URL(page.url()).pathname;
    await visitor.follow(() => page.getByRole('link', { name: 'Ajouter un siège' }).click());
    for (const [organisation, person, email, deputy, button] of [
      ['Département de la Drôme', 'Ana Lopes', `ana-s${width}@departement.example`, 'Marc Petit', 'Ajouter, puis un autre'],
      ['Fédération des Mjc', 'Luc Roy', `luc-s${width}@mjc.example`, '', 'Ajouter le siège'],
    ]) {
      await page.locator('#organisme').fill(organisation);
      await page.keyboard.press('Escape');
      await page.locator('#titular-nom').fill(person);
      await page.locator('#titular-courriel').fill(email);
      if (deputy) {
        await page.locator('#deputy-nom').fill(deputy);
        await page.locator('#deputy-courriel').fill(`marc-s${width}@departement.example`);
      }
      await visitor.follow(() => page.getByRole('button', { name: button, exact: true }).click());
    }

    // What its meetings begin with, and what is left goes on by itself.
    await visitor.follow(() => page.getByRole('link', { name: 'Ordre du jour type et reports' }).click());
    await page.getByLabel('Reporter d’office').check();
    await visitor.picture('var/browser', `standard-agenda-${width}`);
    await visitor.follow(() => page.getByRole('button', { name: 'Enregistrer', exact: true }).click());
    await page.getByText('passent d’office à la suivante').waitFor();

    // The year: ten second Tuesdays.
    await visitor.follow(() => page.getByRole('link', { name: 'Planifier l’année' }).click());
    await page.locator('#titre').fill(`Cotech mensuel ${width}`);
    await page.locator('#debut').fill(firstDay(2));
    await page.locator('#rythme').selectOption('month');
    await page.getByLabel('Un jour de la semaine par son rang').check();
    await page.locator('#rang').selectOption('2');
    await page.locator('#semaine').selectOption('1');
    await page.locator('#nombre').fill('10');
    await page.locator('#lieu').fill('Caf de la Drôme, Valence');
    await visitor.picture('var/browser', `series-form-${width}`);
    await visitor.follow(() => page.getByRole('button', { name: 'Voir les dates' }).click());
    const boxes = page.locator('input[name="garder"]');
    assert.equal(await boxes.count(), 10);
    await visitor.picture('var/browser', `series-dates-${width}`);
    await boxes.nth(9).uncheck();
    await visitor.follow(() => page.getByRole('button', { name: 'Planifier les réunions cochées' }).click());
    await page.getByText(/\d réunions planifiées/).waitFor();
    await visitor.picture('var/browser', `series-${width}`);
    const rows = page.getByRole('row', { name: /Cotech mensuel/ });
    const count = await rows.count();
    assert.ok(count >= 7 && count <= 9, `${count} meetings`);

    // The second one and those after it meet earlier, elsewhere.
    await visitor.follow(() => rows.nth(1).getByRole('link').click());
    await page.getByText(`réunion 2 sur ${count}`).waitFor();
    await visitor.picture('var/browser', `series-meeting-${width}`);
    await visitor.follow(() => page.getByRole('link', { name: 'Modifier' }).click());
    const moment = await page.locator('#moment').inputValue();
    await page.locator('#moment').fill(moment.replace('14:00', '09:30'));
    await page.locator('#lieu').fill('Maison des associations, Crest');
    await page.getByLabel(/Celle-ci et les \d suivantes/).check();
    await visitor.picture('var/browser', `series-change-${width}`);
    await visitor.follow(() => page.getByRole('button', { name: 'Enregistrer', exact: true }).click());
    await page.getByText('réunions suivantes changent aussi').waitFor();
    await visitor.follow(() => page.getByRole('link', { name: `Cotech mensuel ${width}`, exact: true }).click());
    assert.equal(await page.getByRole('row', { name: /de 9\s*h\s*30/ }).count(), count - 1);

    // The first one is convened; then someone falls ill.
    await visitor.follow(() => rows.first().getByRole('link').click());
    const meeting = new URL(page.url()).pathname;
    await visitor.follow(() => page.getByRole('link', { name: 'Préparer' }).click());
    await visitor.follow(() => page.getByRole('button', { name: 'Partir de l’ordre du jour habituel' }).click());
    await visitor.visit(`${meeting}/convocation`);
    await visitor.follow(() => page.getByRole('button', { name: 'Envoyer les convocations' }).click());
    await page.waitForTimeout(16_000);
    await visitor.visit(meeting);
    await visitor.follow(() => page.getByRole('link', { name: 'Ana Lopes' }).click());
    await visitor.picture('var/browser', `invitee-${width}`);
    await page.getByLabel('Marc Petit').check();
    await visitor.follow(() => page.getByRole('button', { name: 'Remplacer', exact: true }).click());
    await page.getByText('Marc Petit remplace Ana Lopes').waitFor();
    await page.getByText('Ana Lopes en est averti').waitFor();
    await visitor.follow(() => page.getByRole('link', { name: 'Ajouter des personnes' }).click());
    await page.locator('#invites').fill('Nora nora(at)prefecture');
    assert.equal(await visitor.follow(() => page.getByRole('button', { name: 'Convoquer ces personnes' }).click()), 422);
    await visitor.picture('var/browser', `late-invitee-${width}`);
    await page.locator('#invites').fill(`Nora Petit <nora-s${width}@prefecture.example>`);
    await visitor.follow(() => page.getByRole('button', { name: 'Convoquer ces personnes' }).click());
    await page.getByText('La convocation ajoutée part dans quelques secondes.').waitFor();
    await visitor.picture('var/browser', `series-convened-${width}`);
    await visitor.follow(() => page.getByRole('button', { name: 'Annuler l’envoi' }).click());
    await page.getByText('cette personne n’est pas convoquée').waitFor();

    // Who takes the place answers for themselves.
    await visitor.visit('/espace/reglages/courriels');
    await visitor.follow(() => page.getByRole('row', { name: /Marc Petit/ }).getByRole('link', { name: `Convocation : Cotech mensuel ${width}` }).first().click());
    const link = (await page.locator('main').innerText()).match(/\/reunion\/[\w.-]+/u)[0];
    const guest = await newVisitor();
    await guest.visit(`${link}?reponse=oui`);
    await guest.follow(() => guest.page.getByRole('button', { name: 'Envoyer ma réponse' }).click());
    await visitor.visit(meeting);
    await page.getByText('remplace Ana Lopes').first().waitFor();
    await page.getByText('1 voix sur 2').waitFor();

    // The last of the year was one too many.
    await visitor.visit(committee);
    await visitor.visit('/espace/gouvernance/reunions');
    await visitor.follow(() => page.getByRole('link', { name: `Cotech mensuel ${width}` }).last().click());
    await visitor.follow(() => page.getByRole('button', { name: 'Mettre à la corbeille' }).click());
    await page.getByText('La réunion est à la corbeille').waitFor();
    await visitor.visit('/espace/reseau/corbeille');
    await visitor.picture('var/browser', `meeting-trash-${width}`);
    await visitor.follow(() => page.getByRole('button', { name: `Restaurer Cotech mensuel ${width}` }).click());
    await page.getByText('La réunion est de retour.').waitFor();
  },
};
