import assert from 'node:assert/strict';

/** Pages of one kind differ by an identifier or a choice: « /espace/…/:id?tri ». */
const kind = ({ pathname, searchParams }) => `${pathname
  .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ':id')
  .replace(/^\/(promeneurs|structures)\/.+/, '/$1/:name')}?${[...searchParams.keys()].sort()}`;

/** Follows links under these paths: the first pages of a kind are looked at closely, the others must open. */
async function crawl(visitor, start, within, most) {
  // A phone opens the same pages: three of a kind tell enough.
  const [close, alike] = visitor.width < 600 ? [1, 3] : [2, most];
  const { page, home } = visitor;
  const queue = [start];
  const seen = new Set(queue);
  const kinds = new Map();
  const faults = [];
  let opened = 0;
  for (const path of queue) {
    if (opened === most) break;
    const of = kind(new URL(path, home));
    kinds.set(of, (kinds.get(of) ?? 0) + 1);
    if (kinds.get(of) > alike) continue;
    opened += 1;
    try {
      assert.equal(await (kinds.get(of) <= close ? visitor.visit(path) : visitor.open(path)), 200, path);
    } catch (error) {
      faults.push(error.message);
    }
    const found = await page.locator('a[href]:not([download])').evaluateAll((links) => links.map((link) => new URL(link.getAttribute('href'), location.href).href));
    for (const href of found) {
      const url = new URL(href);
      const next = url.pathname + url.search;
      if (url.origin !== home || !within.test(url.pathname) || /deconnexion|format=|\/modele$|\.(ics|atom|xml|txt|vcf)$/.test(next) || seen.has(next)) continue;
      seen.add(next);
      queue.push(next);
    }
  }
  assert.equal(faults.length, 0, faults.join('\n'));
  return opened;
}

export default {
  async 'every page that the coordination can reach stands'({ visitor }) {
    await visitor.signIn();
    assert.ok(await crawl(visitor, '/espace', /^\/espace(\/|$)/, 150) > 40);
  },

  async 'every public page stands'({ visitor }) {
    assert.ok(await crawl(visitor, '/', /^\/(?!espace|connexion|api\/)/, 150) > 10);
  },
};
