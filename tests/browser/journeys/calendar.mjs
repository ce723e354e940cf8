import assert from 'node:assert/strict';

export default {
  async 'meetings are looked at by month, week and list, and a telephone subscribes to them'({ visitor, newVisitor, server, width }) {
    const { page } = await visitor.signIn();
    const label = `Téléphone ${width}`;
    await visitor.visit('/espace/gouvernance/reunions');
    const meeting = page.getByRole('link', { name: 'Copil de fin d’année' });
    const when = await page.locator('tr', { has: meeting }).innerText();
    const [, day, month, year] = when.match(/(\d+)\S*\s(\p{L}+)\s(\d{4})/u);
    const months = ['janvier', 'février', 'mars', 'avril', 'mai', 'juin', 'juillet', 'août', 'septembre', 'octobre', 'novembre', 'décembre'];
    const around = `${year}-${String(months.indexOf(month) + 1).padStart(2, '0')}-${day.padStart(2, '0')}`;
    await visitor.visit(`/espace/agenda?jour=${around}`);
    const cell = page.getByRole('cell', { name: 'Copil de fin d’année' });
    if (width > 600) {
      await page.getByRole('columnheader', { name: 'mardi' }).waitFor();
      await cell.waitFor();
    }
    await meeting.waitFor();
    await visitor.picture('var/browser', `calendar-month-${width}`);
    for (const view of ['Semaine', 'Liste']) {
      await visitor.follow(() => page.getByRole('link', { name: view, exact: true }).click());
      await meeting.waitFor();
      await visitor.picture('var/browser', `calendar-${view.toLowerCase()}-${width}`);
    }
    await page.locator('#comite').selectOption({ label: 'Comité technique' });
    await meeting.waitFor({ state: 'detached' });
    assert.match(page.url(), /comite=/u);
    await visitor.follow(() => page.getByRole('link', { name: 'Mois', exact: true }).click());
    assert.match(await page.locator('#comite option:checked').innerText(), /Comité technique/u, 'the committee goes along');
    await visitor.follow(() => page.getByRole('link', { name: 'Mois suivant' }).click());
    await visitor.follow(() => page.getByRole('link', { name: 'Aujourd’hui' }).click());

    await visitor.follow(() => page.getByRole('link', { name: 'S’abonner' }).click());
    await page.locator('#appareil').fill(label);
    await visitor.follow(() => page.getByRole('button', { name: 'Créer l’adresse' }).click());
    await visitor.picture('var/browser', `feeds-${width}`);
    const secret = page.getByLabel(`Adresse secrète de l’abonnement ${label}`);
    const address = await secret.inputValue();
    await visitor.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.locator('li', { has: secret }).getByRole('button', { name: 'Copier l’adresse' }).click();
    await page.getByText('Copié', { exact: true }).first().waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), address);
    const read = await fetch(address);
    assert.equal(read.status, 200);
    assert.match(await read.text(), /SUMMARY:Copil de fin d’année/u);
    await page.locator('li', { has: secret }).getByRole('button', { name: 'Retirer' }).click();
    await visitor.follow(() => page.getByRole('dialog').getByRole('button', { name: /Confirmer|Continuer|Retirer/u }).click());
    await page.getByText('son adresse ne répond plus').waitFor();
    assert.equal((await fetch(address)).status, 410);
  },

  async 'the calendar and its feeds work without a script'({ newVisitor }) {
    const visitor = await newVisitor({ javaScriptEnabled: false });
    const { page } = await visitor.signIn('partenaire@demo.example');
    await visitor.visit('/espace/agenda');
    await visitor.follow(() => page.getByRole('link', { name: 'Liste', exact: true }).click());
    await visitor.follow(() => page.getByRole('link', { name: 'Trois mois plus tard' }).click());
    await visitor.visit('/espace/agenda/abonnements');
    await page.locator('#appareil').fill('Outlook du bureau');
    await visitor.follow(() => page.getByRole('button', { name: 'Créer l’adresse' }).click());
    await visitor.follow(() => page.getByRole('button', { name: 'Retirer' }).click());
    await page.getByText('son adresse ne répond plus').waitFor();
  },
};
