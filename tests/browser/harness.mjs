// A server of our own, a browser, and a visitor who demands of every page what any visitor may demand.
import AxeBuilder from '@axe-core/playwright';
import { HtmlValidate } from 'html-validate';
import { chromium } from 'playwright-core';
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const root = join(import.meta.dirname, '../..');
export const password = 'promenade-en-ligne';
const program = process.env.ESPLANADE_BIN || join(root, 'target/debug/esplanade');
const browserPath = process.env.CHROMIUM_BIN || ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
/** Prints of pages already found without fault: the same page needs no second look. */
const clean = new Set();
/** What the pages are written in: the standard's rules, less matters of taste. */
const html = new HtmlValidate({
  root: true,
  extends: ['html-validate:standard'],
  rules: { 'void-style': 'off', 'no-trailing-whitespace': 'off', 'attribute-boolean-style': 'off', 'doctype-style': 'off', 'long-title': 'off', 'tel-non-breaking': 'off' },
});
const valid = new Set();
const rules = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** The demonstration network, fresh, on a free port. */
export async function startServer() {
  const folder = mkdtempSync(join(tmpdir(), 'esplanade-browser-'));
  const child = spawn(program, ['demo', '--data-dir', folder, '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const port = await new Promise((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      const found = /^listening on http:\/\/.*:(\d+)$/.exec(line);
      if (found) resolve(Number(found[1]));
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${program} stopped with status ${code}`)));
  });
  return {
    port,
    home: `http://localhost:${port}`,
    network: (slug) => `http://${slug}.localhost:${port}`,
    /** Runs another command of the program on the same data. */
    command(args, input = '') {
      const { status, stdout, stderr } = spawnSync(program, args, { input, encoding: 'utf8', env: { ...process.env, ESPLANADE_DATA_DIR: folder } });
      if (status !== 0) throw new Error(`esplanade ${args.join(' ')}: status ${status}\n${stderr}`);
      return stdout;
    },
    async stop() {
      child.kill('SIGTERM');
      const stubborn = setTimeout(() => child.kill('SIGKILL'), 5000);
      await ended;
      clearTimeout(stubborn);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function startBrowser() {
  return chromium.launch({
    executablePath: browserPath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

/** A message as mailboxes draw it, in its frame: tables and attributes that pages have left behind are what they read. */
const letter = /\/lettres\/[^/]+\/message\b/;

/** One person in front of one screen. Every `visit`, `follow` and `look` checks the page then shown. */
export async function newVisitor(browser, server, { width = 1280, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width, height: width < 600 ? 740 : 800 }, locale: 'fr-FR', timezoneId: 'Europe/Paris', ...options });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const faults = [];
  /** Pages whose source is being validated. */
  const served = [];
  page.on('pageerror', (error) => faults.push(`script error: ${error.message}`));
  page.on('console', (message) => {
    // A page answered with 404 or 422 is also « a resource that failed »; real ones are caught below.
    // Nor does the checker itself run in the frames of what strangers wrote: nothing does.
    const ours = message.text().startsWith('Blocked script execution') && message.text().includes('/corps');
    if (message.type() === 'error' && !ours && !message.text().startsWith('Failed to load resource')) faults.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const { protocol, hostname, port } = new URL(request.url());
    if (/^(https?|wss?):$/.test(protocol) && !(Number(port) === server.port && /(^|\.)localhost$/.test(hostname))) faults.push(`request to another host: ${request.url()}`);
  });
  page.on('response', (response) => {
    const kind = response.request().resourceType();
    if (kind === 'document' && response.ok() && !letter.test(response.url()) && !response.url().includes('/corps')) served.push(validate(response).then((found) => faults.push(...found)));
    if (response.status() >= 400 && !['document', 'xhr', 'fetch'].includes(kind)) faults.push(`${response.status()} for ${kind} ${response.url()}`);
  });

  const visitor = {
    page, context, width, server, home: server.home,
    /** Opens an address and answers its status. */
    async visit(path) {
      const status = await visitor.open(path);
      await visitor.look();
      return status;
    },
    /** The same with the quick checks only. */
    async open(path) {
      const response = await page.goto(new URL(path, visitor.home).href);
      if (width < 600) await visitor.overflow();
      await Promise.all(served.splice(0));
      visitor.complain();
      return response.status();
    },
    /** Does something that leads to another page, and answers its status. */
    async follow(act) {
      const answer = page.waitForResponse((response) => response.request().isNavigationRequest() && response.frame() === page.mainFrame() && ![302, 303, 307].includes(response.status()));
      const [response] = await Promise.all([answer, page.waitForEvent('load'), act()]);
      await visitor.look();
      return response.status();
    },
    /** Checks the page as it is now. */
    async look() {
      // Bars that stick to the foot of a phone stand in their own place at the end of the page.
      if (width < 600) await page.evaluate(() => scrollTo({ top: document.body.scrollHeight, behavior: 'instant' }));
      const violations = await visitor.axe();
      for (const { id, help, nodes } of violations) faults.push(`axe ${id}: ${help} — ${nodes.slice(0, 3).map(({ target }) => target.join(' ')).join(' | ')}`);
      if (width < 600) await visitor.overflow();
      await Promise.all(served.splice(0));
      visitor.complain();
    },
    async axe() {
      // axe runs in the page and needs its clock; pages without script are the same as those seen with it.
      if (options.javaScriptEnabled === false) return [];
      const markup = await page.evaluate(() => document.documentElement.outerHTML);
      const print = createHash('sha1').update(`${width}${markup}`).digest('hex');
      if (clean.has(print)) return [];
      const { violations } = await new AxeBuilder({ page }).options({ resultTypes: ['violations'], preload: false }).withTags(rules).setLegacyMode(true).analyze();
      if (!violations.length) clean.add(print);
      return violations;
    },
    /** Nothing sticks out sideways, also on the narrowest phone. */
    async overflow() {
      for (const narrow of [width, 320]) {
        if (narrow !== width) await page.setViewportSize({ width: narrow, height: 740 });
        const wide = await page.evaluate(() => {
          const room = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= room) return null;
          const guilty = [...document.querySelectorAll('body *')].find((element) => element.getBoundingClientRect().right > room + 1);
          return `${document.documentElement.scrollWidth} px wide${guilty ? `, ${guilty.localName}.${guilty.className}` : ''}`;
        });
        if (wide) faults.push(`overflows at ${narrow} px: ${wide}`);
      }
      await page.setViewportSize({ width, height: 740 });
    },
    complain() {
      if (faults.length) throw new Error(`${page.url()} at ${width} px\n  ${[...new Set(faults.splice(0))].join('\n  ')}`);
    },
    async signIn(email = 'coordination@demo.example') {
      await visitor.visit('/connexion');
      await page.locator('#email').fill(email);
      await page.locator('#password').fill(password);
      await visitor.follow(() => page.getByRole('button', { name: 'Me connecter' }).click());
      return visitor;
    },
    heading: () => page.getByRole('heading', { level: 1 }),
    async picture(folder, name) {
      mkdirSync(folder, { recursive: true });
      const path = join(folder, `${name}.png`);
      await page.evaluate(() => scrollTo({ top: 0, behavior: 'instant' }));
      await page.screenshot({ path, fullPage: true });
      return path;
    },
    close: () => context.close(),
  };
  return visitor;
}

/** What is wrong with the source of a page, as it was sent. */
async function validate(response) {
  if (!(response.headers()['content-type'] ?? '').startsWith('text/html')) return [];
  // A page left before it was read is nobody's page.
  const text = await response.text().catch(() => '');
  const print = createHash('sha1').update(text).digest('hex');
  if (!text || valid.has(print)) return [];
  const { results } = await html.validateString(text);
  const found = results.flatMap(({ messages }) => messages).map(({ ruleId, message, line }) => `html ${ruleId}: ${message} (line ${line})`);
  if (!found.length) valid.add(print);
  return found;
}

/** Leads a visitor into a network of its own that holds nobody yet. */
export async function emptyNetwork(visitor, [code, name, slug]) {
  const email = `coordination-${code}@demo.example`;
  visitor.server.command(['network', 'create', '--code', code, '--name', name]);
  visitor.server.command(['user', 'create', '--network', code, '--email', email, '--role', 'coordinator', '--password-stdin'], `${password}\n`);
  visitor.home = visitor.server.network(slug);
  await visitor.signIn(email);
}
