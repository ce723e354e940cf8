import assert from 'node:assert/strict';

export default {
  async 'someone is found on the portal, and met on the site of their network'({ visitor, server }) {
    const { page } = visitor;
    visitor.home = server.network('portail');
    await visitor.visit('/');
    await page.getByRole('link', { name: /^Drôme \(26\)/ }).waitFor();
    await page.locator('#ou').fill('crest');
    await page.keyboard.press('Escape');
    await visitor.follow(() => page.getByRole('button', { name: 'Trouver' }).click());
    assert.ok(await page.locator('.person-card').count());
    await visitor.visit('/promeneurs?q=mjc');
    const name = await page.locator('.person-card h3').first().innerText();
    await visitor.follow(() => page.locator('.person-card h3 a').first().click());
    await page.getByRole('heading', { level: 1, name }).waitFor();
    assert.match(new URL(page.url()).hostname, /^(drome|ardeche)\.localhost$/);
    assert.equal(await visitor.visit(`${server.network('portail')}/espace`), 404);
    assert.equal(await visitor.visit(`${server.network('portail')}/mentions-legales`), 200);
  },
};
