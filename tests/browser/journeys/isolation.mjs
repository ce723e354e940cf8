import assert from 'node:assert/strict';

const links = (page) => page.locator('.side a').evaluateAll((all) => all.map((link) => new URL(link.href).pathname));

async function as(newVisitor, email, { reads = [], not }) {
  const visitor = await newVisitor();
  await visitor.signIn(email);
  const shown = await links(visitor.page);
  for (const path of [...shown, ...reads]) assert.equal(await visitor.open(path), 200, `${email} may read ${path}`);
  for (const path of not) {
    assert.ok(!shown.includes(path), `${email} is not led to ${path}`);
    assert.ok([403, 404].includes(await visitor.open(path)), `${email} may not read ${path}`);
    assert.equal(await visitor.heading().count(), 1);
  }
  await visitor.look();
  return visitor;
}

const directory = ['/espace/reseau/promeneurs', '/espace/reseau/structures', '/espace/reseau/carte'];
const keeping = ['/espace/reseau/imports', '/espace/reseau/doublons', '/espace/reseau/corbeille', '/espace/reglages', '/espace/reglages/utilisateurs'];

export default {
  async 'the Caf reads the directory and keeps nothing in it'({ newVisitor }) {
    const { page, visit } = await as(newVisitor, 'caf@demo.example', { reads: directory, not: [...keeping, '/espace/reseau/promeneurs/nouveau'] });
    await visit('/espace/reseau/promeneurs');
    assert.equal(await page.locator('main form[method=post] button').count(), 0);
  },

  async 'a promeneur sees the own sheet and not the others'({ newVisitor }) {
    const { page, visit, follow } = await as(newVisitor, 'promeneur@demo.example', { not: [...directory, ...keeping] });
    await visit('/espace');
    const own = (await page.locator('h1').innerText()).replace('Bonjour ', '');
    await follow(() => page.getByRole('link', { name: /Voir ma fiche/ }).click());
    assert.ok((await page.locator('h1').innerText()).startsWith(`${own} `), own);
  },

  async 'a partner and an unknown visitor are turned away cleanly'({ newVisitor, visitor }) {
    await as(newVisitor, 'partenaire@demo.example', { not: [...directory, ...keeping] });
    assert.equal(await visitor.visit('/promeneurs/personne-de-ce-nom'), 404);
    assert.equal(await visitor.visit('/espace/reseau/promeneurs'), 200);
    assert.match(visitor.page.url(), /\/connexion\?/);
  },

  async 'the other network does not know this one’s sheets'({ newVisitor, server }) {
    const here = await newVisitor();
    await here.signIn();
    await here.visit('/espace/reseau/promeneurs');
    const sheet = await here.page.locator('tbody th a').first().getAttribute('href');
    await here.visit('/promeneurs');
    const open = await here.page.locator('.person-card .stretched').first().getAttribute('href');
    const there = await newVisitor();
    there.home = server.network('ardeche');
    assert.equal(await there.visit(open), 404);
    await there.visit(sheet);
    assert.match(there.page.url(), /ardeche.*\/connexion/);
  },
};
