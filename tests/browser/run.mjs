// Runs the journeys one after another, on a wide screen and on a phone: `node run.mjs [part of a name]`.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { newVisitor, root, startBrowser, startServer } from './harness.mjs';

const [wanted = ''] = process.argv.slice(2);
const pictures = process.env.ESPLANADE_SCREENSHOTS || join(root, 'var/browser');
const order = ['sign-in', 'search', 'keyboard', 'isolation', 'crawl', 'edit', 'publish', 'departure', 'import', 'no-script'];
const files = (await readdir(join(import.meta.dirname, 'journeys'))).map((file) => file.replace('.mjs', ''));
files.sort((a, b) => (order.indexOf(a) + 1 || 99) - (order.indexOf(b) + 1 || 99));

const count = { passed: 0, failed: 0 };
const server = await startServer();
let browser;
try {
  browser = await startBrowser();
  for (const file of files) {
    const { default: journeys } = await import(`./journeys/${file}.mjs`);
    for (const [name, journey] of Object.entries(journeys)) {
      if (!`${file} ${name}`.includes(wanted)) continue;
      for (const width of journey.widths ?? [1280, 360]) await run(`${name} (${width} px)`, `${file}-${width}`, width, journey);
    }
  }
} finally {
  await browser?.close();
  await server.stop();
}
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exitCode = count.failed || !count.passed ? 1 : 0;

/** A journey that hangs must not take the others with it. */
function tooLong() {
  return new Promise((_, reject) => setTimeout(() => reject(new Error('not done after four minutes')), 240_000).unref());
}

async function run(name, picture, width, journey) {
  const open = [];
  const visitor = async (options) => {
    open.push(await newVisitor(browser, server, { width, ...options }));
    return open.at(-1);
  };
  const start = performance.now();
  const seconds = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
  try {
    await Promise.race([journey({ visitor: await visitor(), newVisitor: visitor, server, width }), tooLong()]);
    count.passed += 1;
    console.log(`ok    ${name}  ${seconds()}`);
  } catch (error) {
    count.failed += 1;
    console.log(`FAIL  ${name}  ${seconds()}\n  ${error.message.replaceAll('\n', '\n  ')}`);
    for (const [at, { picture: draw }] of open.entries()) console.log(`  ${await draw(pictures, at ? `${picture}-${at}` : picture).catch((fault) => fault.message)}`);
  } finally {
    for (const { close } of open) await close();
  }
}
