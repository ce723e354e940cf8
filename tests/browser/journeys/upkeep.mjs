import assert from 'node:assert/strict';

export default {
  async 'a promeneur corrects the own sheet, the coordinator accepts with one click, and the change stands'({ visitor, newVisitor, width }) {
    const { page } = await visitor.signIn('promeneur@demo.example');
    await visitor.follow(() => page.getByRole('link', { name: 'Corriger ma fiche' }).first().click());
    const job = `animateur, vu à ${width} pixels`;
    await page.locator('#fonction').fill(job);
    await page.locator('#presentation').fill('Vu Léa Martin, 15 ans, hier.');
    assert.equal(await visitor.follow(() => page.getByRole('button', { name: 'Envoyer' }).click()), 422);
    await page.locator('#presentation-erreur').getByText('un prénom suivi d’un âge').waitFor();
    await page.locator('#presentation').fill('Je réponds le soir.');
    assert.equal(await visitor.follow(() => page.getByRole('button', { name: 'Envoyer' }).click()), 200);

    const coordination = await newVisitor();
    await coordination.signIn();
    await coordination.follow(() => coordination.page.getByRole('link', { name: /attend.* votre réponse/ }).click());
    await coordination.follow(() => coordination.page.locator('tbody th a').first().click());
    await coordination.page.locator('ins').getByText(job).waitFor();
    assert.equal(await coordination.follow(() => coordination.page.getByRole('button', { name: 'Accepter', exact: true }).click()), 200);

    await visitor.visit('/espace');
    await visitor.follow(() => page.getByRole('link', { name: /Voir ma fiche/ }).click());
    await page.locator('.definition').getByText(job).waitFor();
    await visitor.follow(() => page.getByRole('link', { name: 'Voir comme le public' }).click());
    await page.getByText('telle que le public la verrait').waitFor();
  },

  async 'a parent checks that someone is a real Promeneur'({ visitor }) {
    await visitor.visit('/promeneurs');
    const name = await visitor.page.locator('.person-card h3').first().innerText();
    await visitor.visit('/verifier');
    await visitor.page.locator('#nom').fill(name.toLowerCase());
    await visitor.follow(() => visitor.page.getByRole('button', { name: 'Vérifier' }).click());
    await visitor.page.getByRole('heading', { name: `Oui, ${name} est Promeneur du Net` }).waitFor();
    await visitor.page.locator('#nom').fill('Personne De Ce Nom');
    await visitor.follow(() => visitor.page.getByRole('button', { name: 'Vérifier' }).click());
    await visitor.page.getByRole('heading', { name: /Personne n’est connu/ }).waitFor();
  },
};
