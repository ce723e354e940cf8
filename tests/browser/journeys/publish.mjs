import assert from 'node:assert/strict';

/** Words as typed in a hurry: lower case, without accents. */
const hurried = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

export default {
  async 'five ticked sheets leave the site and come back, found by a commune typed without accents'({ visitor }) {
    const { page } = await visitor.signIn();
    const list = '/espace/reseau/promeneurs?situation=active';
    const tick = async (action) => {
      const rows = page.locator('tbody tr');
      for (let at = 0; at < 5; at += 1) await rows.nth(at).locator('input[name=id]').check();
      await visitor.follow(() => page.locator(`button[value=${action}]`).click());
      assert.equal(await page.locator('.flash').count(), 1);
    };
    await visitor.visit(`${list}&publie=yes`);
    const chosen = await page.locator('tbody tr').evaluateAll((rows) => rows.slice(0, 5).map((row) => ({
      name: row.querySelector('th').innerText.trim(),
      commune: row.querySelector('[data-label=Commune]').innerText.trim(),
    })));
    await tick('depublier');
    await visitor.visit(`${list}&publie=no`);
    for (const { name } of chosen) assert.equal(await page.locator('tbody th', { hasText: name }).count(), 1, `${name} is off the site`);
    const rows = page.locator('tbody tr');
    for (let at = 0; at < await rows.count(); at += 1) {
      if (chosen.some(({ name }) => name === rowName[at])) await rows.nth(at).locator('input[name=id]').check();
    }
  },
};
