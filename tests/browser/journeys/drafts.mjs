import assert from 'node:assert/strict';

const blank = '/espace/communication/site/nouveau?genre=actualite';
const resume = (page) => page.getByRole('button', { name: 'Reprendre le brouillon' });
const kept = (page) => Promise.all([
  page.waitForResponse((response) => response.url().endsWith('/espace/brouillons') && response.request().method() === 'POST' && response.ok()),
  page.getByText('Brouillon enregistré à').waitFor(),
]);
/** Opens the form and waits until it knows whether there is a draft. */
async function open(visitor, path) {
  await Promise.all([visitor.page.waitForResponse((response) => response.url().includes('/espace/brouillons?')), visitor.open(path)]);
  await visitor.page.waitForTimeout(100);
}
const drafts = (page) => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('esplanade:brouillon:')).length);

export default {
  async 'a text begun on one machine is taken up on another, and saved it is a draft on neither'({ visitor, newVisitor, width }) {
    const office = await visitor.signIn();
    const home = await (await newVisitor()).signIn();
    const title = `Commencée au bureau, ${width}`;
    await open(office, blank);
    await office.page.locator('#titre').fill(title);
    await office.page.getByRole('textbox', { name: 'Texte' }).click();
    await Promise.all([kept(office.page), office.page.keyboard.type('Rendez-vous samedi.')]);
    await office.look();

    await open(home, blank);
    await home.page.getByText(/^Brouillon du \d+ \p{L}+ à \d\d\sh\s\d\d\.$/u).waitFor();
    await home.look();
    await home.picture('var/browser', `draft-${width}`);
    await resume(home.page).click();
    assert.equal(await home.page.locator('#titre').inputValue(), title);
    await home.page.getByRole('textbox', { name: 'Texte' }).getByText('Rendez-vous samedi.').waitFor();
    assert.equal(await home.page.locator('[name=version]').inputValue(), '1');
    await home.follow(() => home.page.getByRole('button', { name: 'Enregistrer le brouillon', exact: true }).click());
    assert.equal(await drafts(home.page), 0, 'the browser that saved it keeps nothing');

    for (const person of [home, office]) {
      await open(person, blank);
      assert.equal(await resume(person.page).count(), 0, 'what is saved is no draft');
      assert.equal(await person.page.locator('#titre').inputValue(), '');
    }
    assert.equal(await drafts(office.page), 0, 'nor does the other');
  },

  async 'what was typed just before leaving is found elsewhere, the newer of both drafts is offered, and one can forget it'({ visitor, newVisitor }) {
    const office = await visitor.signIn();
    const home = await (await newVisitor()).signIn();
    const form = '/espace/reseau/contacts/nouveau';
    await open(office, form);
    await office.page.locator('#nom').fill('Ancien');
    await kept(office.page);
    await open(home, form);
    await resume(home.page).click();
    await home.page.locator('#nom').fill('Nouveau');
    // Gone before anything was sent: the page sends it as it leaves.
    await home.page.waitForTimeout(100);
    home.page.once('dialog', (dialog) => dialog.accept());
    await home.page.goto(`${home.home}/espace`);
    // What leaves with a page arrives a moment after it.
    const known = async () => (await home.page.request.get(`${home.home}/espace/brouillons?formulaire=${encodeURIComponent(form)}`, { headers: { accept: 'application/json' } })).text();
    for (let turn = 0; turn < 50 && !(await known()).includes('Nouveau'); turn += 1) await home.page.waitForTimeout(100);
    await open(office, form);
    await resume(office.page).click();
    assert.equal(await office.page.locator('#nom').inputValue(), 'Nouveau');

    await open(home, form);
    await home.page.getByRole('button', { name: 'Oublier le brouillon' }).click();
    assert.equal(await resume(home.page).count(), 0);
    await home.page.waitForLoadState('networkidle');
    await open(home, form);
    assert.equal(await resume(home.page).count(), 0, 'what is forgotten is not offered again');
  },

  async 'with the server away the browser keeps what is typed, and says so'({ visitor }) {
    const { page, context } = await visitor.signIn();
    const form = '/espace/reseau/structures/nouvelle';
    await open(visitor, form);
    await context.route('**/espace/brouillons**', (route) => route.abort());
    await page.locator('#nom').fill('Une MJC');
    await page.getByText('le serveur ne répond pas').waitFor();
    page.once('dialog', (dialog) => dialog.accept());
    await page.goto(`${visitor.home}${form}`);
    await resume(page).click();
    assert.equal(await page.locator('#nom').inputValue(), 'Une MJC');
    await context.unroute('**/espace/brouillons**');
    page.once('dialog', (dialog) => dialog.accept());
    await page.reload();
  },
};
