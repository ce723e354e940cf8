import assert from 'node:assert/strict';
import { cuttable, notes, says, state, type } from '../notes.mjs';

/** An hour from now, as the network's clocks show it. */
const inAnHour = () => new Date(Date.now() + 3_600_000).toLocaleString('sv', { timeZone: 'Europe/Paris' }).slice(0, 16).replace(' ', 'T');

export default {
  async 'three people note a session at once, one without the network for a while, and nothing is lost'({ visitor, newVisitor, width }) {
    const { page } = await visitor.signIn();
    await visitor.visit('/espace/gouvernance/reunions/nouvelle');
    await page.locator('#comite').selectOption({ label: 'Comité de pilotage de la Drôme' });
    await page.locator('#titre').fill(`Copil à plusieurs mains ${width}`);
    await page.locator('#moment').fill(inAnHour());
    await page.locator('#lieu').fill('Caf de la Drôme, Valence');
    await visitor.follow(() => page.getByRole('button', { name: 'Planifier la réunion' }).click());
    const meeting = new URL(page.url()).pathname;
    await visitor.visit(`${meeting}/ordre-du-jour`);
    await visitor.follow(() => page.getByRole('button', { name: 'Partir de l’ordre du jour habituel' }).click());
    await visitor.visit(`${meeting}/seance`);
    await visitor.follow(() => page.getByRole('button', { name: 'Ouvrir la séance' }).click());
    await page.getByRole('button', { name: /Suivi des décisions/ }).click();
    await page.locator('[data-timer]').waitFor();

    const second = await newVisitor();
    await second.signIn();
    const third = await newVisitor();
    await third.signIn();
    const line = await cuttable(third.page);
    await second.visit(`${meeting}/seance`);
    await third.visit(`${meeting}/seance`);
    const pages = [page, second.page, third.page];
    for (const one of pages) await state(one).getByText('Tout est enregistré.').waitFor();

    // What one types shows on the other screens, with who types where.
    await type(page, 'Ouverture par la Caf.');
    for (const one of pages) await says(one, 'Ouverture par la Caf.');
    await second.page.getByText(/Écrivent aussi ici/).waitFor();
    await second.page.locator('.caret').first().waitFor();
    await type(second.page, ' Deux excusés.');
    await says(page, 'Ouverture par la Caf. Deux excusés.');
    await second.look();
    await second.picture('var/browser', `coedit-${width}`);

    // The third loses the network, goes on writing, and so do the others.
    await line.cut();
    await third.page.getByText('Le réseau est coupé').waitFor();
    await notes(third.page).click();
    await third.page.keyboard.press('Control+Home');
    await third.page.keyboard.type('Écrit sans réseau. ');
    await third.picture('var/browser', `coedit-away-${width}`);
    await type(page, ' Écrit pendant ce temps.');
    await says(second.page, 'Écrit pendant ce temps.');
    assert.ok(!(await notes(page).innerText()).includes('sans réseau'));
    line.mend();
    const whole = 'Écrit sans réseau. Ouverture par la Caf. Deux excusés. Écrit pendant ce temps.';
    for (const one of pages) await says(one, whole, { timeout: 30_000 });
    await state(third.page).getByText('Tout est enregistré.').waitFor();

    // Both type in the same breath.
    const [one, other] = [' Un mot, puis deux, puis trois, et encore.', ' Et l’autre répond en même temps, sans attendre.'];
    await Promise.all([type(page, one), type(second.page, other)]);
    await Promise.all(pages.map((one) => state(one).getByText('Tout est enregistré.').waitFor()));
    await visitor.visit(`${meeting}/seance`);
    await state(page).getByText('Tout est enregistré.').waitFor();
    // Letters may stand between letters, none is lost or twice there.
    const said = await page.locator('.ProseMirror').evaluate((text) => {
      text.querySelectorAll('.caret').forEach((caret) => caret.remove());
      return text.textContent.replaceAll('\u2060', '');
    });
    assert.deepEqual([...said].sort(), [...`${whole}${one}${other}`].sort(), said);

    // A former text is taken up again, and shows at once where others write.
    await visitor.follow(() => page.getByRole('link', { name: 'Versions des notes' }).click());
    await page.locator('[data-row-link]').first().waitFor();
    await visitor.follow(() => page.locator('[data-row-link]').first().click());
    await visitor.picture('var/browser', `coedit-versions-${width}`);
    await visitor.follow(() => page.getByRole('button', { name: 'Reprendre ce texte' }).click());

    // Ending the item leaves the notes where they are.
    await visitor.visit(`${meeting}/seance`);
    await state(page).getByText('Tout est enregistré.').waitFor();
    await page.getByRole('button', { name: 'Point traité, suivant' }).click();
    await page.getByRole('heading', { name: /Point sur la mise en œuvre/ }).waitFor();
    await type(page, 'Vingt promeneurs en poste.');
    await state(page).getByText('Tout est enregistré.').waitFor();
    await page.getByRole('button', { name: /Suivi des décisions/ }).click();
    await says(page, 'Ouverture par la Caf.');
  },
};
