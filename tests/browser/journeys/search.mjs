import assert from 'node:assert/strict';

export default {
  async 'the palette opens on Ctrl K, forgives a typo and leads to the sheet'({ visitor }) {
    const { page } = await visitor.signIn();
    await page.keyboard.press('Control+k');
    const palette = page.getByRole('dialog');
    await palette.getByRole('combobox').fill('perrrot');
    const hit = palette.getByRole('option', { name: /Clément Perrot/ });
    await hit.waitFor();
    await visitor.look();
    await visitor.follow(() => hit.click());
    assert.equal(await visitor.heading().innerText(), 'Clément Perrot');
  },

  async 'a list narrows while one types, and its address keeps the question'({ visitor }) {
    const { page } = await visitor.signIn();
    await visitor.visit('/espace/reseau/promeneurs');
    await page.locator('#q').fill('teyssier');
    await page.waitForURL(/[?&]q=teyssier/);
    await visitor.look();
    assert.equal(await page.locator('tbody tr').count(), 2);
    await page.reload();
    assert.equal(await page.locator('#q').inputValue(), 'teyssier');
  },

  async 'the public finds a Promeneur by postcode'({ visitor }) {
    const { page } = visitor;
    await visitor.visit('/');
    await page.locator('#ou').fill('26800');
    await page.locator('.combo-list .option').first().click();
    await visitor.follow(() => page.getByRole('button', { name: 'Trouver' }).click());
    assert.ok(await page.locator('.person-card').count() > 0);
    await visitor.follow(() => page.locator('.person-card .stretched').first().click());
    assert.match(await page.locator('.lead').first().innerText(), /Promeneur du Net/);
  },
};
