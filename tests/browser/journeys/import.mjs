import assert from 'node:assert/strict';
import { join } from 'node:path';
import { emptyNetwork, root } from '../harness.mjs';

export const annuaire = join(root, 'fixtures/annuaire.xlsx');

/** Sends the file and waits, as a person does, for the review. */
async function send(visitor) {
  const { page } = visitor;
  await visitor.visit('/espace/reseau/imports');
  await page.locator('#fichier').setInputFiles(annuaire);
  await page.getByRole('button', { name: 'Lire ce fichier' }).click();
  await page.locator('#enregistrer').waitFor();
  await visitor.look();
}

const number = async (page, what) => Number(await page.locator('.stat', { hasText: what }).locator('b').innerText());
const total = async (visitor, path) => {
  await visitor.visit(path);
  return Number.parseInt(await visitor.page.locator('#resultats [role=status]').first().innerText(), 10);
};

async function apply(visitor) {
  const { page } = visitor;
  await page.locator('#enregistrer .button--primary').click();
  await page.getByText('C’est enregistré.').waitFor();
  await visitor.look();
}

export default {
  async 'an empty network takes its first table, reads it back unchanged, and forgets it again'({ visitor, width }) {
    const { page } = visitor;
    await emptyNetwork(visitor, { 1280: ['38', 'Isère', 'isere'], 360: ['73', 'Savoie', 'savoie'] }[width]);
    await send(visitor);
    assert.equal(await number(page, 'promeneurs à créer'), 43);
    assert.equal(await number(page, 'structures à créer'), 36);
    assert.equal(await number(page, 'départs datés'), 12);
    assert.equal(await page.locator('[name^="doublon:"][value=reunir]').count(), 1);
    assert.equal(await page.locator('tr').filter({ has: page.locator('[data-label=Colonne]', { hasText: 'SIRET' }) }).filter({ has: page.locator('[data-label=Remarque]') }).count(), 3);
    await apply(visitor);
    const first = page.url();
    assert.equal(await total(visitor, '/espace/reseau/promeneurs'), 43);
    assert.equal(await total(visitor, '/espace/reseau/structures'), 36);

    await send(visitor);
    assert.equal(await number(page, 'promeneurs à créer'), 0);
    assert.equal(await number(page, 'structures à créer'), 0);
    assert.equal(await page.locator('.stat', { hasText: 'mises à jour' }).count(), 0);

    await visitor.visit(first);
    await page.getByRole('button', { name: 'Annuler tout cet import' }).click();
    await visitor.follow(() => page.getByRole('dialog').getByRole('button', { name: 'Annuler tout cet import' }).click());
    await page.locator('.flash', { hasText: 'annulé' }).waitFor();
    await visitor.visit('/espace/reseau/promeneurs');
    await page.getByText('Votre réseau n’a pas encore de promeneur.').waitFor();
  },
};
