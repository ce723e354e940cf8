// Builds everything the server embeds: dist/ is flat because the server serves it under one folder hash.
import { build, context } from 'esbuild';
import { copyFile, readFile, writeFile, readdir, rm, mkdir } from 'node:fs/promises';
import { brotliCompressSync, gzipSync, constants } from 'node:zlib';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import subsetFont from 'subset-font';
import { icons } from './icons.mjs';

const require = createRequire(import.meta.url);
const root = import.meta.dirname;
const dist = join(root, 'dist');
const compressible = /\.(js|css|svg|txt)$/;

async function clean() {
  await mkdir(dist, { recursive: true });
  for (const name of await readdir(dist)) {
    if (name !== '.gitkeep') await rm(join(dist, name), { recursive: true });
  }
}

/** One sprite of the icons really used: a page pays for it once. */
async function sprite() {
  const folder = join(dirname(require.resolve('lucide-static/package.json')), 'icons');
  const symbols = [];
  for (const [name, source] of Object.entries(icons)) {
    const svg = await readFile(join(folder, `${source}.svg`), 'utf8');
    const body = svg
      .replace(/<!--[\s\S]*?-->/g, '')
      .replace(/^[\s\S]*?<svg[\s\S]*?>/, '')
      .replace(/<\/svg>[\s\S]*$/, '')
      .replace(/\s+/g, ' ')
      .replace(/> </g, '><')
      .replace(/ \/>/g, '/>')
      .trim();
    symbols.push(`<symbol id="${name}" viewBox="0 0 24 24">${body}</symbol>`);
  }
  const svg = `<svg xmlns="http://www.w3.org/2000/svg"><!-- Lucide, ISC licence, lucide.dev --><defs>${symbols.join('')}</defs></svg>`;
  await writeFile(join(dist, 'icons.svg'), svg);
  // What the stylesheet itself draws, as masks: the mark, the search field, « qui le verra ».
  for (const name of ['eye.svg', 'search.svg']) await copyFile(join(folder, name), join(dist, name));
  await copyFile(join(root, 'src/favicon.svg'), join(dist, 'favicon.svg'));
}

/**
 * Headings only: one weight, one optical size, the letters French needs. That is 15 KB instead of 130.
 * Other European letters come from a second file that most pages never load.
 */
async function fonts() {
  const family = dirname(require.resolve('@fontsource-variable/bricolage-grotesque/package.json'));
  const source = (set) => readFile(join(family, `files/bricolage-grotesque-${set}-opsz-normal.woff2`));
  const look = {
    targetFormat: 'woff2',
    variationAxes: { wght: 700, opsz: 28 },
    keepFeatures: ['kern', 'ccmp', 'locl', 'mark'],
  };
  const range = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i)).join('');
  const french = range(0x20, 0x7e) + 'ÀÂÄÆÇÈÉÊËÎÏÔÖÙÛÜŸŒàâäæçèéêëîïôöùûüÿœ«»“”‘’–—…·•°€×→\u00a0\u202f';
  const european = range(0xa1, 0x17f) + range(0x1cd, 0x1dc) + range(0x1fa, 0x21b);
  await writeFile(join(dist, 'bricolage.woff2'), await subsetFont(await source('latin'), french, look));
  await writeFile(join(dist, 'bricolage-ext.woff2'), await subsetFont(await source('latin-ext'), european, look));
  await writeFile(join(dist, 'font-licence.txt'), await readFile(join(family, 'LICENSE')));
}

/** The server picks the encoding; compressing once here is smaller than on the fly. */
async function compress() {
  for (const name of await readdir(dist)) {
    if (!compressible.test(name)) continue;
    const bytes = await readFile(join(dist, name));
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    await writeFile(join(dist, `${name}.br`), brotliCompressSync(bytes, { params }));
    await writeFile(join(dist, `${name}.gz`), gzipSync(bytes, { level: 9 }));
  }
}

async function report() {
  const kb = (n) => `${(n / 1024).toFixed(1)} KB`.padStart(9);
  for (const name of (await readdir(dist)).sort()) {
    if (/\.(br|gz)$|^\./.test(name)) continue;
    const size = async (suffix) => (await readFile(join(dist, name + suffix)).catch(() => Buffer.alloc(0))).length;
    console.log(name.padEnd(20), kb(await size('')), 'gz', kb(await size('.gz')), 'br', kb(await size('.br')));
  }
}

const options = {
  absWorkingDir: root,
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  // light-dark() and cascade layers must reach the browser untouched.
  target: ['chrome123', 'firefox128', 'safari17.5'],
  external: ['*.woff2', '*.svg'],
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
};

/** Bundles of single pages take the shared helpers from the script that every page has already loaded. */
const shared = {
  name: 'shared',
  setup(build) {
    build.onResolve({ filter: /^\.\/app\.ts$/ }, ({ kind }) => (kind === 'entry-point' ? null : { path: './app.js', external: true }));
  },
};

const js = { ...options, entryPoints: ['src/app.ts'] };
const editor = { ...options, entryPoints: ['src/editor.ts', 'src/coedit.ts'], plugins: [shared] };
const css = { ...options, entryPoints: ['src/app.css', 'src/editor.css'] };

await clean();
await Promise.all([sprite(), fonts()]);
if (process.argv.includes('--watch')) {
  for (const one of [js, editor, css]) await (await context({ ...one, minify: false, sourcemap: 'inline' })).watch();
  const { port } = await (await context({ logLevel: 'silent' })).serve({ servedir: root, host: '127.0.0.1', port: 4300 });
  console.log(`watching src; gallery on http://127.0.0.1:${port}/gallery.html`);
} else {
  await Promise.all([build(js), build(editor), build(css)]);
  await compress();
  await report();
}
