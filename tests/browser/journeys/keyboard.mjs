import assert from 'node:assert/strict';
import { password } from '../harness.mjs';

/** Presses a key until what has the focus matches. */
async function until(page, selector, key = 'Tab', most = 90) {
  for (let pressed = 0; pressed < most; pressed += 1) {
    await page.keyboard.press(key);
    if (await focused(page, selector)) return;
  }
  throw new Error(`the keyboard never reaches ${selector}`);
}

/** Whether the focus is there; a page that is just being replaced has none yet. */
async function focused(page, selector) {
  try {
    return await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector);
  } catch (error) {
    if (!/context was destroyed/.test(error.message)) throw error;
    await page.waitForLoadState();
    return false;
  }
}

export default {
  async 'with the keyboard alone one signs in and opens a sheet'({ visitor, width }) {
    const { page } = visitor;
    await visitor.visit('/connexion');
    await until(page, '.skip');
    await page.keyboard.press('Enter');
    await page.waitForURL(/#contenu$/);
    await until(page, '#email');
    await page.keyboard.type('coordination@demo.example');
    await until(page, '#password');
    await page.keyboard.type(password);
    await visitor.follow(() => page.keyboard.press('Enter'));

    if (width < 600) {
      await until(page, 'details.menu > summary');
      await page.keyboard.press('Enter');
    }
    await until(page, '.side a[href="/espace/reseau/promeneurs"]');
    await visitor.follow(() => page.keyboard.press('Enter'));
    await until(page, 'tbody th a', 'j');
    const name = await page.evaluate(() => document.activeElement.textContent);
    await visitor.follow(() => page.keyboard.press('Enter'));
    const title = await visitor.heading().innerText();
    for (const word of name.trim().split(/\s+/)) assert.ok(title.includes(word), `${title} is not ${name}`);
  },
};
