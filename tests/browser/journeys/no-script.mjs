import assert from 'node:assert/strict';
import { annuaire } from './import.mjs';
import { emptyNetwork } from '../harness.mjs';

const without = { javaScriptEnabled: false };

export default {
  async 'without JavaScript one filters a list and saves a form'({ newVisitor, width }) {
    const visitor = await newVisitor(without);
    const { page } = await visitor.signIn();
    await visitor.visit('/espace/reseau/promeneurs');
    await page.locator('#q').fill('rolland');
    await visitor.follow(() => page.locator('#q').press('Enter'));
    assert.equal(await page.locator('tbody tr').count(), 2);
    await visitor.follow(() => page.locator('tbody th a').first().click());
    await visitor.follow(() => page.getByRole('link', { name: 'Modifier', exact: true }).click());
    await page.locator('#fonction').fill(`animatrice, ${width} pixels`);
    await visitor.follow(() => page.getByRole('button', { name: 'Enregistrer' }).click());
    await page.locator('.definition').getByText(`animatrice, ${width} pixels`).waitFor();
  },

  async 'without JavaScript an import is followed by hand up to its review'({ newVisitor, width }) {
    const visitor = await newVisitor(without);
    const { page } = visitor;
    await emptyNetwork(visitor, { 1280: ['74', 'Haute-Savoie', 'haute-savoie'], 360: ['01', 'Ain', 'ain'] }[width]);
    await visitor.visit('/espace/reseau/imports');
    await page.locator('#fichier').setInputFiles(annuaire);
    await visitor.follow(() => page.getByRole('button', { name: 'Lire ce fichier' }).click());
    const again = page.getByRole('link', { name: 'Actualiser' });
    while (await again.count()) await visitor.follow(() => again.click());
    assert.match(await page.locator('#enregistrer .button--primary').innerText(), /43 promeneurs/);
  },
};
