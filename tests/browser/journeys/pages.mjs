import assert from 'node:assert/strict';

const site = '/espace/communication/site';
const pasted = `<html><head><style>p.MsoNormal{color:red}</style></head><body><!--StartFragment-->
<h1 style="mso-outline-level:1">Au programme</h1>
<p class="MsoNormal" style="margin:0cm"><b><span style="font-family:Arial">Un café</span></b> et des idées.<o:p></o:p></p>
<p class="MsoListParagraph" style="mso-list:l0 level1 lfo1"><![if !supportLists]><span style="mso-list:Ignore">·</span><![endif]>Premier point</p>
<p class="MsoListParagraph" style="mso-list:l0 level1 lfo1"><span style="mso-list:Ignore">·</span>Second point</p>
<img src="https://example.org/t.gif"><!--EndFragment--></body></html>`;

/** A photograph, as far as the server can tell. */
async function photo(page) {
  const data = await page.evaluate(() => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 1800, height: 1200 });
    const context = canvas.getContext('2d');
    for (let x = 0; x < 1800; x += 20) {
      context.fillStyle = `hsl(${x / 6} 60% 55%)`;
      context.fillRect(x, 0, 20, 1200);
    }
    return canvas.toDataURL('image/jpeg');
  });
  return { name: 'photo.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(data.split(',')[1], 'base64') };
}

const press = (visitor, name) => visitor.follow(() => visitor.page.getByRole('button', { name, exact: true }).click());

export default {
  async 'news with a picture is pasted, previewed, published, moved, compared and brought back'({ visitor, newVisitor, width }) {
    const { page, context } = await visitor.signIn();
    const title = `Un café des parents, vu à ${width} pixels`;
    const address = `/actualites/un-cafe-des-parents-vu-a-${width}-pixels`;
    await visitor.visit(site);
    await visitor.follow(() => page.getByRole('link', { name: 'Écrire une actualité' }).click());
    await page.locator('#titre').fill(title);
    const text = page.getByRole('textbox', { name: 'Texte' });
    await text.click();
    await page.keyboard.type('Rendez-vous samedi matin.');
    await page.keyboard.press('Enter');
    await text.evaluate((element, html) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/html', html);
      element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, pasted);
    await text.locator('h2', { hasText: 'Au programme' }).waitFor();
    assert.equal(await text.locator('strong', { hasText: 'Un café' }).count(), 1);
    assert.equal(await text.locator('ul > li').count(), 2);
    assert.equal(await text.locator('img:not(.ProseMirror-separator)').count(), 0, 'no picture of elsewhere');

    await page.getByRole('button', { name: 'Image', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Image' });
    await dialog.getByText('Envoyer une image').click();
    await dialog.locator('#fichier').setInputFiles(await photo(page));
    await dialog.getByRole('button', { name: 'Envoyer l’image' }).click();
    await dialog.locator('#description-erreur').waitFor();
    await visitor.look();
    await dialog.locator('#description').fill(`Bandes de couleurs, ${width}`);
    await dialog.getByRole('button', { name: 'Envoyer l’image' }).click();
    await text.locator('figure img').waitFor();
    await dialog.waitFor({ state: 'detached' });
    await page.locator('#couverture').selectOption({ index: 1 });
    await visitor.look();

    const [tab] = await Promise.all([context.waitForEvent('page'), page.getByRole('button', { name: /^Aperçu/ }).click()]);
    await tab.getByRole('heading', { level: 1, name: title }).waitFor();
    await tab.getByText('Rien n’est encore enregistré').waitFor();
    await tab.close();

    await press(visitor, 'Publier maintenant');
    assert.match(await page.locator('.flash').innerText(), /Publiée/);
    const editor = page.url();

    const reader = await newVisitor();
    await reader.visit('/');
    await reader.follow(() => reader.page.getByRole('link', { name: title }).click());
    assert.equal(new URL(reader.page.url()).pathname, address);
    const shown = reader.page.locator('.article .prose img');
    await shown.scrollIntoViewIfNeeded();
    await reader.page.waitForFunction(() => Array.from(document.querySelectorAll('.article img')).every((image) => image.complete && image.naturalWidth > 0));
    assert.equal(await shown.getAttribute('alt'), `Bandes de couleurs, ${width}`);
    assert.match(await shown.evaluate((image) => image.currentSrc), /\.webp$/);
    const feed = await reader.page.request.get(`${reader.home}/actualites.atom`);
    assert.ok((await feed.text()).includes(`<title>${title}</title>`));

    await page.goto(editor);
    await page.locator('#adresse').fill(`cafe-${width}`);
    await text.locator('p').first().click();
    await page.keyboard.press('End');
    await page.keyboard.type(' Venez nombreux.');
    await press(visitor, 'Enregistrer');
    await reader.visit(address);
    assert.equal(new URL(reader.page.url()).pathname, `/actualites/cafe-${width}`);
    await reader.page.getByText('Venez nombreux.').waitFor();

    await page.goto(editor);
    await visitor.follow(() => page.getByRole('link', { name: 'Versions' }).click());
    await page.locator('ins', { hasText: 'Venez nombreux.' }).waitFor();
    await press(visitor, 'Rétablir la version 1');
    await reader.visit(`/actualites/cafe-${width}`);
    assert.equal(await reader.page.getByText('Venez nombreux.').count(), 0);
  },

  async 'what is being written is kept in this browser, and links and lists are made by keyboard'({ visitor, width }) {
    const { page } = await visitor.signIn();
    await visitor.visit(`${site}/nouveau?genre=page`);
    await page.locator('#titre').fill(`Page gardée ${width}`);
    const text = page.getByRole('textbox', { name: 'Texte' });
    await text.focus();
    await page.keyboard.type('Voir la Caf');
    await page.keyboard.press('Shift+Home');
    await page.getByRole('button', { name: 'Lien' }).click();
    await page.locator('#lien-adresse').fill('n’importe quoi');
    await page.keyboard.press('Enter');
    await page.getByText('Indiquez une adresse').waitFor();
    await page.locator('#lien-adresse').fill('www.caf.fr');
    await page.keyboard.press('Enter');
    assert.equal(await text.locator('a').getAttribute('href'), 'https://www.caf.fr');
    // The bar is one stop of the keyboard; arrows go from button to button.
    await text.focus();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('End');
    assert.match(await page.evaluate(() => document.activeElement.textContent), /Rétablir/);
    await page.getByText('Brouillon gardé dans ce navigateur').waitFor();
    await page.waitForFunction(() => Object.values(localStorage).some((draft) => draft.includes('https://www.caf.fr')));
    await page.reload();
    await page.getByRole('button', { name: 'Reprendre le brouillon' }).click();
    await text.locator('a', { hasText: 'Voir la Caf' }).waitFor();
    assert.equal(await page.locator('#titre').inputValue(), `Page gardée ${width}`);
    await press(visitor, 'Enregistrer le brouillon');
    await page.goto(`${visitor.home}${site}/nouveau?genre=page`);
    await page.waitForLoadState('networkidle');
    assert.equal(await page.getByRole('button', { name: 'Reprendre le brouillon' }).count(), 0, 'what is saved is no draft');
  },

  async 'the network’s own legal notice replaces the original, and the original comes back'({ visitor, newVisitor, width }) {
    const { page } = await visitor.signIn();
    const reader = await newVisitor();
    await visitor.visit(`${site}/textes`);
    await visitor.follow(() => page.getByRole('link', { name: 'Mentions légales', exact: true }).click());
    const text = page.getByRole('textbox', { name: 'Texte' });
    await text.getByText('Qui l’héberge').waitFor();
    await text.locator('p').first().click();
    await page.keyboard.press('Home');
    await page.keyboard.type(`Texte du réseau, ${width}. `);
    const publish = page.getByRole('button', { name: 'Publier maintenant' });
    await visitor.follow(() => publish.click());
    await reader.visit('/mentions-legales');
    await reader.page.getByText(`Texte du réseau, ${width}.`).waitFor();
    await press(visitor, 'Revenir au texte d’origine');
    await reader.visit('/mentions-legales');
    assert.equal(await reader.page.getByText('Texte du réseau').count(), 0);
    // Thrown away, so that the next who comes starts from the original again.
    await page.getByRole('button', { name: 'Mettre à la corbeille' }).click();
    await visitor.follow(() => page.getByRole('dialog').getByRole('button', { name: 'Mettre à la corbeille' }).click());
  },

  async 'without JavaScript a page is written in plain text, scheduled and cancelled'({ newVisitor, width }) {
    const visitor = await newVisitor({ javaScriptEnabled: false });
    const { page } = await visitor.signIn();
    await visitor.visit(`${site}/nouveau?genre=page`);
    await page.locator('#titre').fill(`Sans script ${width}`);
    await page.locator('#corps').fill('Premier paragraphe.\n\nSecond <b>paragraphe</b>.');
    await page.locator('#couverture').selectOption({ index: 1 });
    await page.locator('#programmation').fill('2020-01-01T10:00');
    assert.equal(await visitor.follow(() => page.getByRole('button', { name: 'Programmer' }).click()), 422);
    assert.ok(await page.locator('#programmation-erreur').isVisible());
    assert.match(await page.locator('#corps').inputValue(), /Premier paragraphe/);
    await page.locator('#programmation').fill('2040-01-01T10:00');
    await visitor.follow(() => page.getByRole('button', { name: 'Programmer' }).click());
    await page.getByText('Paraîtra le 1er').waitFor();
    await press(visitor, 'Annuler la programmation');
    await press(visitor, 'Publier maintenant');
    await visitor.follow(() => page.getByRole('link', { name: 'Voir sur le site' }).click());
    assert.equal(await page.locator('.article .prose p').count(), 2);
    assert.equal(await page.locator('.article .prose strong').innerText(), 'paragraphe');
  },
};
