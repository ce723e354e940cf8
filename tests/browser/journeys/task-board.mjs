import assert from 'node:assert/strict';

const BOARD = '/espace/accompagnement/taches?liste=toutes&vue=tableau';
const LONG = 'Rappeler les responsables des espaces jeunes pour que chacune et chacun confirme par écrit la date de la journée départementale';

/** Adds a task by the form. */
async function add(visitor, title) {
  await visitor.open('/espace/accompagnement/taches/nouvelle');
  await visitor.page.locator('#titre').fill(title);
  await visitor.follow(() => visitor.page.getByRole('button', { name: 'Enregistrer' }).click());
}

export default {
  async 'a card of the task board is dragged, moved by keyboard, and moved without a script'({ visitor, newVisitor, width }) {
    const { page } = await visitor.signIn();
    const [dragged, typed, plainly] = ['Glisser', 'Taper', LONG].map((title) => `${title} ${width}`);
    for (const title of [dragged, typed, plainly]) await add(visitor, title);
    const column = (code, where = page) => where.locator(`[data-board-column="${code}"]`);
    const card = (code, title, where = page) => column(code, where).locator('[data-board-card]', { hasText: title });
    const said = (text) => page.waitForFunction((wanted) => [...document.querySelectorAll('[role=status]')].some((region) => region.textContent.replace(/\s+/g, ' ').includes(wanted)), text);

    // From the list to the board: what was chosen stays, in the address too.
    await visitor.visit('/espace/accompagnement/taches?liste=toutes');
    await visitor.picture('var/browser', `task-list-${width}`);
    await visitor.follow(() => page.getByRole('link', { name: 'Tableau' }).click());
    assert.equal(page.url(), new URL(BOARD, visitor.home).href);
    await visitor.picture('var/browser', `task-board-${width}`);

    await page.getByText('Exporter', { exact: true }).click();
    const panel = await page.locator('.views .drop-panel').boundingBox();
    assert.ok(panel.x >= 0 && panel.x + panel.width <= width, 'the whole menu is on the screen');
    await page.getByText('Exporter', { exact: true }).click();

    // With the mouse, to the next column; it stays there. A tall screen: nothing is scrolled meanwhile.
    await page.setViewportSize({ width, height: 4500 });
    const grip = { x: 60, y: 5 };
    const [from, to] = [await card('to_do', dragged).boundingBox(), await column('in_progress').locator('h2').boundingBox()];
    await page.mouse.move(from.x + grip.x, from.y + grip.y);
    await page.mouse.down();
    for (const [x, y] of [[from.x + grip.x + 20, from.y + grip.y], [to.x + 20, to.y + 5], [to.x + 30, to.y + 8]]) await page.mouse.move(x, y, { steps: 4 });
    await page.locator('[data-board-column="in_progress"].is-over').waitFor();
    await visitor.picture('var/browser', `task-board-dragging-${width}`);
    await page.mouse.up();
    await card('in_progress', dragged).waitFor();
    await said(`« ${dragged} » : en cours.`);
    assert.equal(page.url(), new URL(BOARD, visitor.home).href);
    assert.equal(await page.locator('.is-over, .takes, .is-carried').count(), 0);
    // Back where it came from, by a second drag of the card as it was drawn anew.
    await card('in_progress', dragged).dragTo(column('to_do').locator('h2'), { sourcePosition: grip });
    await card('to_do', dragged).waitFor();
    await page.setViewportSize({ width, height: 800 });

    // By keyboard: the focus follows the card, and what happened is said.
    await page.getByRole('button', { name: `Commencer : ${typed}` }).focus();
    await page.keyboard.press('Enter');
    await card('in_progress', typed).waitFor();
    await said(`« ${typed} » : en cours.`);
    assert.ok(await card('in_progress', typed).evaluate((one) => one === document.activeElement));
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.textContent.trim()), typed);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await card('done', typed).waitFor();
    await said(`« ${typed} » : fait.`);
    await visitor.look();
    await visitor.picture('var/browser', `task-board-moved-${width}`);

    // Without a script, by the same buttons; whoever saw the board before moves nothing and sees it as it now is.
    const plain = await newVisitor({ javaScriptEnabled: false });
    await plain.signIn();
    await plain.visit(BOARD);
    assert.equal(await plain.follow(() => plain.page.getByRole('button', { name: `Terminer : ${plainly}` }).click()), 200);
    await card('done', plainly, plain.page).waitFor();
    assert.equal(plain.page.url(), new URL(BOARD, plain.home).href);
    await plain.picture('var/browser', `task-board-plain-${width}`);
    await page.getByRole('button', { name: `Commencer : ${plainly}` }).click();
    await page.locator('.error-summary:focus', { hasText: 'a été modifiée entre-temps' }).waitFor();
    await card('done', plainly).waitFor();
    await visitor.look();
    await visitor.picture('var/browser', `task-board-stale-${width}`);
    assert.equal(page.url(), new URL(BOARD, visitor.home).href);

    // The filter answers in place and keeps the board.
    await page.locator('#liste').selectOption('personne');
    await page.waitForURL(/liste=personne/);
    assert.match(page.url(), /vue=tableau/);
    await card('done', plainly).waitFor({ state: 'detached' });
    await visitor.follow(() => page.getByRole('link', { name: 'Liste', exact: true }).click());
    assert.match(page.url(), /liste=personne$/);
  },

  async 'a board with nothing on it says so'({ visitor, width }) {
    await visitor.signIn('promeneur@demo.example');
    await visitor.visit('/espace/accompagnement/taches?vue=tableau');
    await visitor.page.getByText('Rien en cours.').waitFor();
    await visitor.picture('var/browser', `task-board-empty-${width}`);
  },
};
