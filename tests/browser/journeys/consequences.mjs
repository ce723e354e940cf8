import assert from 'node:assert/strict';

/** Sends the form that a dialog asks about first. */
async function confirmed(visitor, button) {
  const { page } = visitor;
  await button.click();
  return visitor.follow(() => page.getByRole('dialog').getByRole('button', { name: /Enregistrer|Confirmer|Continuer|Oui/ }).click());
}

export default {
  async 'a decision suspends a post, the public sheet is gone at once, and comes back when it is lifted'({ visitor, newVisitor, width }) {
    const { page } = await visitor.signIn();
    await visitor.visit('/espace/reseau/promeneurs?publie=yes&situation=active&tri=-nom');
    await visitor.follow(() => page.locator('tbody th a').nth({ 1280: 0, 360: 2 }[width]).click());
    const sheet = new URL(page.url()).pathname;
    const name = (await visitor.heading().innerText()).trim();
    const open = await page.getByRole('link', { name: 'Voir la fiche publique' }).getAttribute('href');
    const post = (await page.getByRole('link', { name: 'Modifier ce poste' }).first().getAttribute('href')).match(/postes\/([^/]+)\//)[1];
    const stranger = await newVisitor();
    assert.equal(await stranger.visit(open), 200);

    await visitor.visit('/espace/gouvernance/decisions?liste=toutes');
    await visitor.follow(() => page.locator('tbody th a').first().click());
    const decision = new URL(page.url()).pathname;
    const number = (await visitor.heading().innerText()).match(/\d{4}-\d+/)[0];
    await visitor.picture('var/browser', `decision-before-${width}`);
    await visitor.follow(() => page.getByRole('link', { name: 'Suspendre un poste' }).click());
    await visitor.picture('var/browser', `measure-${width}`);
    await page.locator('form.form').evaluate((form) => (form.noValidate = true));
    assert.equal(await confirmed(visitor, page.getByRole('button', { name: 'Enregistrer' })), 422);
    await page.locator('#poste-erreur').waitFor();
    await page.locator('#motif-erreur').waitFor();
    await visitor.picture('var/browser', `measure-refused-${width}`);
    await page.locator('#poste').selectOption(post);
    await page.locator('#motif').fill('Charte non respectée, le temps d’un entretien.');
    assert.equal(await confirmed(visitor, page.getByRole('button', { name: 'Enregistrer' })), 200);
    assert.equal(new URL(page.url()).pathname, decision);
    await page.locator('#suites').getByText('Suspension', { exact: false }).first().waitFor();
    await visitor.picture('var/browser', `decision-after-${width}`);

    // The public finds it no more, by its address nor in the list.
    assert.equal(await stranger.visit(open), 410);
    await stranger.visit(`/promeneurs?q=${encodeURIComponent(name)}`);
    assert.equal(await stranger.page.getByRole('main').getByText(name, { exact: true }).count(), 0);

    // Its sheet says why, and leads to the decision.
    await visitor.visit(sheet);
    await page.getByText('Suspendu·e par la décision').waitFor();
    await visitor.picture('var/browser', `suspended-sheet-${width}`);
    await visitor.follow(() => page.getByRole('link', { name: number, exact: true }).first().click());
    assert.equal(new URL(page.url()).pathname, decision);

    // Without a script the same form lifts it.
    const plain = await newVisitor({ javaScriptEnabled: false });
    await plain.signIn();
    await plain.visit(`${decision}/poste?acte=lever`);
    await plain.page.locator('#poste').selectOption(post);
    assert.equal(await plain.follow(() => plain.page.getByRole('button', { name: 'Enregistrer' }).click()), 200);
    assert.equal(await stranger.visit(open), 200);

    // A letter begins with the decision.
    await visitor.visit(decision);
    await visitor.follow(() => page.getByRole('link', { name: 'Écrire une lettre' }).click());
    await visitor.picture('var/browser', `letter-of-decision-${width}`);
    await visitor.follow(() => page.getByRole('button', { name: 'Commencer' }).click());
    await page.getByText('Suite de la décision').waitFor();
    await visitor.picture('var/browser', `letter-begun-${width}`);
    await visitor.visit(`/espace/gouvernance/reunions/nouvelle?decision=${decision.split('/').at(-1)}`);
    await visitor.visit(`/espace/agenda/sondages/nouveau?decision=${decision.split('/').at(-1)}`);
    await visitor.visit(decision);
    await page.locator('#suites').getByText('Brouillon').first().waitFor();
    await visitor.picture('var/browser', `decision-followed-${width}`);
  },
};
