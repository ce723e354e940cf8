import assert from 'node:assert/strict';

export default {
  async 'a webmaster finds the line to paste and sees the widget live'({ visitor, width, server }) {
    const { page } = visitor;
    await visitor.visit('/plan-du-site');
    await visitor.follow(() => page.getByRole('main').getByRole('link', { name: 'Réutiliser les données' }).click());
    assert.match(await page.locator('pre.code').first().innerText(), new RegExp(`<iframe src="${server.home}/widget/trouver"`));
    const frame = page.frameLocator('.widget-preview');
    await frame.getByRole('heading', { name: 'Trouver un Promeneur du Net' }).waitFor();
    await frame.getByLabel('Commune ou code postal').fill('crest');
    await frame.getByRole('button', { name: 'Chercher' }).click();
    await frame.locator('.widget-list li').first().waitFor();
    const [sheet] = await Promise.all([visitor.context.waitForEvent('page'), frame.locator('.widget-list a').first().click()]);
    await sheet.waitForLoadState();
    assert.match(sheet.url(), /\/promeneurs\/[a-z0-9-]+$/);
    await sheet.close();
    assert.match(page.url(), /\/api$/);
    const picture = process.env.ESPLANADE_PICTURES;
    if (picture) await visitor.picture(picture, `api-${width}`);
  },

  async 'the widget is a page of its own, down to 240 px'({ visitor, width }) {
    const { page } = visitor;
    await visitor.visit('/widget/trouver');
    await visitor.visit('/widget/trouver?public=parents');
    await page.locator('#q').fill('zzzz introuvable');
    await visitor.follow(() => page.getByRole('button', { name: 'Chercher' }).click());
    await page.getByText('Personne ne correspond').waitFor();
    assert.match(page.url(), /public=parents/);
    await visitor.visit('/widget/trouver');
    await page.setViewportSize({ width: 240, height: 600 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.equal(wide, 0, 'nothing sticks out at 240 px');
    const picture = process.env.ESPLANADE_PICTURES;
    if (picture) await visitor.picture(picture, `widget-240-${width}`);
    await page.setViewportSize({ width, height: 740 });
    if (picture) await visitor.picture(picture, `widget-${width}`);
  },

  async 'a coordinator makes a password for her telephone, sees it once and withdraws it'({ visitor, width }) {
    const { page } = await visitor.signIn();
    await visitor.visit('/espace/reglages/compte');
    await page.getByLabel('Pour quel appareil').fill(`Téléphone ${width}`);
    await visitor.follow(() => page.getByRole('button', { name: 'Créer un mot de passe' }).click());
    assert.match(await page.locator('.secret').innerText(), /^([a-z0-9]{4}-){4}[a-z0-9]{4}$/);
    const picture = process.env.ESPLANADE_PICTURES;
    if (picture) await visitor.picture(picture, `compte-${width}`);
    await visitor.visit('/espace/reglages/compte');
    assert.equal(await page.locator('.secret').count(), 0);
    await visitor.follow(() => page.getByRole('button', { name: `Retirer le mot de passe de Téléphone ${width}` }).click());
    await page.getByText('Mot de passe retiré').waitFor();
  },
};
