import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** These programs complain of a missing desktop. */
const quiet = { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] };

export default {
  async 'a promeneur prints the own card, and its code leads a parent to a clear answer'({ visitor }) {
    const { page } = await visitor.signIn('promeneur@demo.example');
    await visitor.follow(() => page.getByRole('link', { name: /Voir ma fiche/ }).click());
    const name = await visitor.heading().innerText();
    const href = await page.getByRole('link', { name: 'Carte à donner' }).getAttribute('href');
    const folder = mkdtempSync(join(tmpdir(), 'esplanade-card-'));
    for (const address of [href, `${href}?planche=1`]) {
      const answer = await page.request.get(new URL(address, visitor.home).href);
      assert.equal(answer.status(), 200);
      assert.equal(answer.headers()['content-type'], 'application/pdf');
      const file = join(folder, 'carte.pdf');
      writeFileSync(file, await answer.body());
      // A reader hears the name, and the words for the code; the code itself is read by a scanner.
      assert.ok(execFileSync('pdftotext', [file, '-'], quiet).replaceAll(/\s+/g, ' ').includes(name));
      const structure = execFileSync('pdfinfo', ['-struct-text', file], quiet);
      assert.match(structure, /Figure/);
      assert.match(structure, /H1/);
      execFileSync('pdftoppm', ['-r', '300', '-png', '-singlefile', file, join(folder, 'carte')]);
      const read = execFileSync('zbarimg', ['--quiet', '--raw', join(folder, 'carte.png')], quiet).split('\n')[0];
      assert.match(read, /\/verifier\//);
      await visitor.visit(new URL(read).pathname);
      await page.getByRole('heading', { name: `Oui, ${name}` }).first().waitFor();
    }
    rmSync(folder, { recursive: true, force: true });
  },
};
