import assert from 'node:assert/strict';

const press = (visitor, name) => visitor.follow(() => visitor.page.getByRole('button', { name, exact: true }).click());

export default {
  async 'a letter is written block by block, looked at, sent, called back and sent again'({ visitor, width }) {
    const { page } = await visitor.signIn();
    const subject = `Des nouvelles, vues à ${width} pixels`;
    await visitor.visit('/espace/messagerie/lettres');
    await page.locator('#modele').selectOption('lettre');
    await press(visitor, 'Commencer');
    await page.getByRole('button', { name: 'Ajouter : Bouton' }).waitFor();
    await press(visitor, 'Ajouter : Bouton');
    await page.locator('#titre').fill('Trouver un Promeneur');
    await page.locator('#lien').fill('javascript:alert(1)');
    assert.equal(await press(visitor, 'Enregistrer le bloc'), 422);
    await page.locator('#lien-erreur').waitFor();
    await page.locator('#lien').fill('/promeneurs');
    await press(visitor, 'Enregistrer le bloc');
    await visitor.follow(() => page.getByRole('button', { name: /^Monter le bloc 2/ }).click());
    await page.locator('ol.lines li').first().getByText('Trouver un Promeneur').waitFor();

    await page.locator('#objet').fill(`${subject} {{prenon}}`);
    assert.equal(await press(visitor, 'Enregistrer'), 422);
    await page.locator('#objet-erreur').getByText('{{prenon}}').waitFor();
    await page.locator('#objet').fill(subject);
    await page.locator('#sujet').selectOption({ label: 'Messages indispensables' });
    await page.getByRole('checkbox', { name: 'Promeneurs actifs' }).check();
    await press(visitor, 'Enregistrer');

    await visitor.follow(() => page.getByRole('link', { name: 'Aperçu', exact: true }).click());
    const message = page.frameLocator('.mail-frame');
    await message.getByRole('link', { name: 'Trouver un Promeneur' }).waitFor();
    await page.locator('.mail-text').getByText('Choisir ce que je reçois').waitFor();
    await visitor.look();

    await visitor.follow(() => page.getByRole('link', { name: 'Envoyer…' }).click());
    await page.getByText(/personnes recevront ce message/).waitFor();
    await visitor.look();
    await press(visitor, 'Envoyer maintenant');
    await page.getByRole('heading', { name: subject }).waitFor();
    await visitor.look();
    await press(visitor, 'Annuler l’envoi');
    await page.getByText('Rien n’est parti').waitFor();
  },

  async 'a list is made of rules, shows whom it holds and why, and is exported'({ visitor, width }) {
    const { page } = await visitor.signIn();
    await visitor.visit('/espace/messagerie/listes');
    await visitor.look();
    await visitor.follow(() => page.getByRole('link', { name: 'Créer une liste' }).click());
    await page.locator('#nom').fill(`Autour de moi, ${width}`);
    await page.locator('#ajouts').fill('Claire Vernet <claire@asso.example>\nPersonne De Ce Nom');
    assert.equal(await press(visitor, 'Enregistrer la liste'), 422);
    await page.locator('#ajouts-erreur').getByText('Personne De Ce Nom').waitFor();
    await page.locator('#ajouts').fill('Claire Vernet <claire@asso.example>');
    await press(visitor, 'Enregistrer la liste');
    await page.getByRole('row', { name: /Claire Vernet/ }).getByText('Ajout à la main').waitFor();
    await visitor.look();
  },

  async 'a public letter is read by anyone'({ visitor }) {
    const { page } = visitor;
    await visitor.visit('/lettres');
    await visitor.follow(() => page.getByRole('link', { name: 'Les nouvelles de l’automne' }).click());
    await page.getByRole('heading', { name: 'Journée départementale' }).waitFor();
    assert.equal(await page.getByText('{{').count(), 0);
    await visitor.look();
  },
};
