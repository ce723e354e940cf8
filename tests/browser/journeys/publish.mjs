import assert from 'node:assert/strict';

/** As typed in a hurry: lower case, no accents. */
const hurried = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
/** « Abadie Pauline » in a list is « Pauline Abadie » in public. */
const words = (name) => name.trim().split(/\s+/).sort().join(' ');

export default {
  async 'five ticked sheets leave the site, come back, and are found by a commune typed without accents'({ visitor }) {
    const { page } = await visitor.signIn();
    const list = '/espace/reseau/promeneurs?situation=active';
    const press = async (names, action) => {
      for (const name of names) await page.getByRole('checkbox', { name: `Cocher ${name}` }).check();
      await visitor.follow(() => page.locator(`button[value=${action}]`).click());
      assert.match(await page.locator('.flash').innerText(), /5/);
    };
    const found = async (commune) => {
      await visitor.visit(`/promeneurs?commune=${encodeURIComponent(hurried(commune))}`);
      return (await page.locator('.person-card .stretched').allInnerTexts()).map(words);
    };

    await visitor.visit(`${list}&publie=yes`);
    const people = (await page.locator('tbody tr').evaluateAll((rows) => rows.map((row) => ({
      name: row.querySelector('th').textContent.trim(),
      commune: row.querySelector('[data-label=Commune]').textContent.trim(),
    })))).sort((a, b) => Number(/[éèôâ]/.test(b.commune)) - Number(/[éèôâ]/.test(a.commune))).slice(0, 5);
    const names = people.map(({ name }) => name);

    await press(names, 'depublier');
    for (const { name, commune } of people) assert.ok(!(await found(commune)).includes(words(name)), `${name} is still public`);
    await visitor.visit(`${list}&publie=no`);
    await press(names, 'publier');
    for (const { name, commune } of people) assert.ok((await found(commune)).includes(words(name)), `${name} is not found in ${commune}`);
  },
};
