import assert from 'node:assert/strict';

export default {
  async 'a mistake in a sheet is shown beside its field, nothing typed is lost, and the history tells the change'({ visitor, width }) {
    const { page } = await visitor.signIn();
    await visitor.visit('/espace/reseau/promeneurs?q=Teyssier');
    await visitor.follow(() => page.locator('tbody th a').first().click());
    await visitor.follow(() => page.getByRole('link', { name: 'Modifier', exact: true }).click());
    const phone = page.locator('#telephone');
    const job = `médiatrice, vue à ${width} pixels`;
    await page.locator('#fonction').fill(job);
    await phone.fill('12');
    assert.equal(await visitor.follow(() => page.getByRole('button', { name: 'Enregistrer' }).click()), 422);
    assert.equal(await phone.inputValue(), '12');
    assert.equal(await page.locator('#fonction').inputValue(), job);
    assert.equal(await phone.getAttribute('aria-invalid'), 'true');
    assert.ok(await page.locator('#telephone-erreur').isVisible());
    const summary = page.locator('.error-summary');
    assert.ok(await summary.evaluate((element) => element === document.activeElement));
    await summary.getByRole('link').click();
    assert.ok(await phone.evaluate((element) => element === document.activeElement));

    await phone.fill('04.75.00.00.01');
    assert.equal(await visitor.follow(() => page.getByRole('button', { name: 'Enregistrer' }).click()), 200);
    await page.locator('.definition').getByText(job).waitFor();
    await page.locator('.definition').getByText('04 75 00 00 01').waitFor();
    await page.locator('.timeline > li').first().getByText(job).waitFor();
  },
};
