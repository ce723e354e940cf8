import assert from 'node:assert/strict';
import { password } from '../harness.mjs';

export default {
  async 'a wrong password is refused, the right one opens Ma journée, signing out closes it'({ visitor }) {
    const { page } = visitor;
    const enter = async (word) => {
      await page.locator('#email').fill('coordination@demo.example');
      await page.locator('#password').fill(word);
      return visitor.follow(() => page.getByRole('button', { name: 'Me connecter' }).click());
    };
    assert.equal(await visitor.visit('/espace'), 200);
    assert.match(page.url(), /\/connexion/);
    assert.equal(await enter('pas le bon mot de passe'), 422);
    assert.equal(await page.locator('#email').inputValue(), 'coordination@demo.example');
    assert.ok(await page.locator('.error-summary').isVisible());
    assert.equal(await enter(password), 200);
    assert.match(await visitor.heading().innerText(), /^Bonjour /);

    await page.locator('details.account > summary').click();
    await visitor.follow(() => page.getByRole('button', { name: /déconnecter/ }).click());
    await visitor.visit('/espace');
    assert.match(page.url(), /\/connexion/);
  },
};
