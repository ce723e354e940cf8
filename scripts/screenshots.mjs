// Draws the pictures of the README from a fresh demonstration network: `node scripts/screenshots.mjs [folder]`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { emptyNetwork, newVisitor, root, startBrowser, startServer } from '../tests/browser/harness.mjs';
import { smallPng } from './small-png.mjs';

const folder = process.argv[2] ?? join(root, 'docs/images');
const heaviest = 150 * 1024;
mkdirSync(folder, { recursive: true });

const server = await startServer();
let browser;
let painter;
try {
  browser = await startBrowser();
  painter = await browser.newPage();
  const by = (options) => newVisitor(browser, server, { reducedMotion: 'reduce', ...options });

  const passer = await by({ width: 1280 });
  await draw(passer, 'accueil', '/');
  await draw(passer, 'promeneurs-public', '/promeneurs');
  await draw(passer, 'carte', '/carte');
  await draw(await by({ width: 360 }), 'accueil-telephone', '/');

  const coordination = await (await by({ width: 1280 })).signIn();
  await draw(coordination, 'ma-journee', '/espace');
  await draw(coordination, 'promeneurs', '/espace/reseau/promeneurs');
  await coordination.visit('/espace/reseau/promeneurs?q=Barbier');
  const sheet = await coordination.page.locator('tbody th a').first().getAttribute('href');
  await draw(coordination, 'fiche', sheet);
  await draw(await (await by({ width: 1280, colorScheme: 'dark' })).signIn(), 'fiche-sombre', sheet);

  const newcomer = await by({ width: 1280 });
  await emptyNetwork(newcomer, ['38', 'Isère', 'isere']);
  await newcomer.visit('/espace/reseau/imports');
  await newcomer.page.locator('#fichier').setInputFiles(join(root, 'fixtures/annuaire.xlsx'));
  await newcomer.page.getByRole('button', { name: 'Lire ce fichier' }).click();
  await newcomer.page.locator('#enregistrer').waitFor();
  await draw(newcomer, 'import');
} finally {
  await browser?.close();
  await server.stop();
}

/** One screenful, as on the screen. */
async function draw(visitor, name, path) {
  if (visitor.width > 600) await visitor.page.setViewportSize({ width: visitor.width, height: 700 });
  if (path) await visitor.visit(path);
  await visitor.page.evaluate(() => { scrollTo({ top: 0, behavior: 'instant' }); return document.fonts.ready.then(() => true); });
  const file = join(folder, `${name}.png`);
  const picture = await smallPng(painter, await visitor.page.screenshot({ animations: 'disabled' }));
  writeFileSync(file, picture);
  console.log(`${file} ${Math.round(picture.length / 1024)} KB`);
  if (picture.length > heaviest) throw new Error(`${name} is too heavy`);
}
