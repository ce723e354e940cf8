import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../harness.mjs';

const here = join(import.meta.dirname, '..');
const run = promisify(execFile);

/** What is not a type or property of schema.org, as the compiler says it; nothing when all is well. */
async function complaints(name, all) {
  const types = [...new Set(all.map((data) => data['@type']).concat('SearchAction'))];
  const lines = all.flatMap(({ potentialAction, ...data }, at) => [
    `export const data${at}: WithContext<${data['@type']}> = ${JSON.stringify(data, null, 1)};`,
    // How a search is asked has its own type: constraints such as `query-input` belong to no other.
    potentialAction ? `export const action${at}: WithActionConstraints<SearchAction> = ${JSON.stringify(potentialAction)};` : '',
  ]);
  const text = `import type { WithActionConstraints, WithContext, ${types.join(', ')} } from 'schema-dts';\n${lines.join('\n')}\n`;
  // Beside node_modules, where the compiler looks for the vocabulary.
  const folder = join(here, 'node_modules/.linked-data');
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${name}.ts`);
  await writeFile(file, text);
  const tsc = join(here, 'node_modules/typescript/bin/tsc');
  const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2022', file];
  return run(process.execPath, [tsc, ...options], { cwd: root }).then(() => '', ({ stdout, stderr }) => stdout || stderr);
}

export default {
  async 'what search engines read are types and properties of schema.org, and a picture stands for each shared page'({ visitor, width }) {
    const { page } = visitor;
    await visitor.visit('/promeneurs');
    const person = await page.locator('.person-card h3 a').first().getAttribute('href');
    await visitor.visit('/structures');
    const structure = await page.locator('main a[href^="/structures/"]').first().getAttribute('href');
    await visitor.visit('/actualites');
    const news = await page.locator('main a[href^="/actualites/"]').evaluateAll((links) => links.slice(0, 1).map((link) => link.getAttribute('href')));
    const all = [];
    for (const path of ['/', '/le-reseau', person, structure, ...news]) {
      await visitor.open(path);
      const texts = await page.locator('script[type="application/ld+json"]').allTextContents();
      assert.ok(texts.length, `${path} says nothing to search engines`);
      all.push(...texts.map((text) => JSON.parse(text)));
      const picture = await page.locator('meta[property="og:image"]').getAttribute('content');
      const answer = await page.request.get(picture);
      assert.equal(answer.status(), 200, picture);
      assert.equal(answer.headers()['content-type'], 'image/png');
    }
    for (const wanted of ['WebSite', 'Person', 'Organization', 'BreadcrumbList', 'FAQPage', 'NewsArticle']) {
      assert.ok(all.some((data) => data['@type'] === wanted), wanted);
    }
    assert.equal(await complaints(`found-${width}`, all), '');
    // The check itself can fail.
    const wrong = [{ '@context': 'https://schema.org', '@type': 'Person', name: 'A', jobTitel: 'B' }];
    assert.notEqual(await complaints(`wrong-${width}`, wrong), '');
  },
};
