// A real browser, and what no page may do in it: complain on the console, ask another host, or be hard to read.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { AxeResults, RunOptions } from 'axe-core';
import { type Browser, type Page, chromium } from 'playwright-core';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

export const WIDE = { width: 1280, height: 900 };
export const PHONE = { width: 390, height: 844 };

export type Scheme = 'light' | 'dark';
export const SCHEMES: Scheme[] = ['light', 'dark'];

export async function open(): Promise<Browser> {
  if (!existsSync(CHROMIUM)) {
    throw new Error(`there is no ${CHROMIUM}: apt-get install --no-install-recommends chromium fonts-inter`);
  }
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
}

export interface Visit {
  page: Page;
  /** What the page did that it must not; empty when all is well. */
  complaints: string[];
  /** Refusals that the test means to cause, such as `422`; the browser writes each to the console. */
  expect: (status: number) => void;
}

/** A tab of its own, in which every complaint is written down. */
export async function visit(browser: Browser, url: string, scheme: Scheme = 'light', viewport = WIDE): Promise<Visit> {
  const context = await browser.newContext({ viewport, colorScheme: scheme, reducedMotion: 'reduce', bypassCSP: false });
  const page = await context.newPage();
  const complaints: string[] = [];
  const expected = new Set<number>();
  page.on('console', (message) => {
    const isExpected = [...expected].some((status) => message.text().includes(`status of ${status}`));
    if (['error', 'warning'].includes(message.type()) && !isExpected) complaints.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`thrown: ${error.message}`));
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith('http') && origin !== new URL(url).origin) complaints.push(`asked ${origin}`);
  });
  await page.goto(url, { waitUntil: 'networkidle' });
  // On a busy machine there can be a pause before the page is there.
  await page.locator('h1').first().waitFor();
  await page.waitForLoadState('networkidle');
  return { page, complaints, expect: (status) => void expected.add(status) };
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const RULES: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
};

/** What makes the page hard to use for somebody; contrast that could not be measured counts as too little. */
export async function barriers(page: Page): Promise<string[]> {
  // The policy of the page lets no inline script in; the debugger may put one there.
  await page.evaluate(axe);
  const found = await page.evaluate(
    (rules) => (window as unknown as { axe: { run: (o: RunOptions) => Promise<AxeResults> } }).axe.run(rules),
    RULES,
  );
  const unclear = found.incomplete.filter((one) => one.id === 'color-contrast');
  return [...found.violations, ...unclear].flatMap((one) =>
    one.nodes.map((node) => `${one.id}: ${node.target.join(' ')}: ${node.failureSummary ?? one.help}`),
  );
}

/** What is hard to use in the window that is open; what lies behind it cannot be reached meanwhile. */
export async function dialogBarriers(page: Page): Promise<string[]> {
  await page.evaluate(() => document.getElementById('root')?.setAttribute('inert', ''));
  const found = await barriers(page);
  await page.evaluate(() => document.getElementById('root')?.removeAttribute('inert'));
  return found;
}

/** A picture in `SHOTS`, where that is set. */
export async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env.SHOTS;
  if (!folder) return;
  const target = folder.startsWith('/') ? folder : fileURLToPath(new URL(`../../../${folder}`, import.meta.url));
  mkdirSync(target, { recursive: true });
  // As if the window were as high as the page: what stays in place while one scrolls is drawn to its end.
  const before = page.viewportSize();
  const high = await page.evaluate(() => document.documentElement.scrollHeight);
  if (before && high > before.height) await page.setViewportSize({ ...before, height: high });
  await page.screenshot({ path: `${target}/${name}.png` });
  if (before) await page.setViewportSize(before);
}
