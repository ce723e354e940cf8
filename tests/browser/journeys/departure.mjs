import assert from 'node:assert/strict';

export default {
  async 'a departure closes the post, empties the public page and prints what is left to close'({ visitor, width }) {
    const { page } = await visitor.signIn();
    await visitor.visit(`/espace/reseau/promeneurs?q=${{ 1280: 'Philibert', 360: 'Meunier' }[width]}&publie=yes`);
    await visitor.follow(() => page.locator('tbody th a').first().click());
    const sheet = page.url();
    const open = await page.getByRole('link', { name: 'Voir la fiche publique' }).getAttribute('href');
    assert.equal(await visitor.visit(open), 200);

    await visitor.visit(sheet);
    await visitor.follow(() => page.getByRole('link', { name: 'Enregistrer un départ' }).click());
    await page.locator('#jour').fill('');
    await page.locator('form.form').evaluate((form) => (form.noValidate = true));
    assert.equal(await visitor.follow(() => page.getByRole('button', { name: 'Enregistrer le départ' }).click()), 422);
    await page.locator('#jour').fill(new Date().toLocaleDateString('sv'));
    assert.equal(await visitor.follow(() => page.getByRole('button', { name: 'Enregistrer le départ' }).click()), 200);
    assert.equal(await visitor.visit(`${sheet}/depart/liste`), 200);
    assert.equal(await visitor.visit(open), 410);
  },
};
