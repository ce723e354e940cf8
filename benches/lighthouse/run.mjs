// The four marks of Lighthouse for a telephone, for each address given: `node run.mjs URL…`
import { existsSync } from 'node:fs';
import * as launcher from 'chrome-launcher';
import lighthouse from 'lighthouse';

const chromePath = process.env.CHROMIUM_BIN || ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const chromeFlags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const chrome = await launcher.launch({ chromePath, chromeFlags });
const figures = {};
try {
  for (const url of process.argv.slice(2)) {
    const { lhr } = await lighthouse(url, { port: chrome.port, output: 'json', logLevel: 'error', onlyCategories: ['performance', 'accessibility', 'best-practices', 'seo'] });
    const marks = Object.entries(lhr.categories).map(([name, { score }]) => [name, Math.round(score * 100)]);
    figures[new URL(url).pathname] = {
      ...Object.fromEntries(marks),
      layout_shift: lhr.audits['cumulative-layout-shift'].numericValue,
      largest_paint_ms: Math.round(lhr.audits['largest-contentful-paint'].numericValue),
      bytes: lhr.audits['total-byte-weight'].numericValue,
    };
  }
} finally {
  await chrome.kill();
}
console.log(JSON.stringify(figures, null, 2));
