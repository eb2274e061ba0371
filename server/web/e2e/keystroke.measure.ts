// How long it takes from a key that is pressed to the number that it leads to, painted. PROFILES (1,000,000), RULES (3,30) and
// KEYS (60) say how many; MUSTER names the binary.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, it } from 'vitest';

import { open, visit } from './browser';
import { type Server, start } from './server';

const PROFILES = Number(process.env.PROFILES ?? 1_000_000);
const RULES = (process.env.RULES ?? '3,30').split(',').map(Number);
const KEYS = Number(process.env.KEYS ?? 60);

/** Keys that are pressed before it counts: scripts are compiled and caches filled. */
const WARM = 10;

/** Milliseconds between the keys of somebody who types fast. */
const FAST_MS = 80;

let browser: Browser;
let server: Server;

beforeAll(async () => {
  [browser, server] = await Promise.all([open(), start(PROFILES)]);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

/** A rule of so many tests over many fields, the first of them a number. */
function ruleOf(tests: number): string {
  const others = [
    (i: number) => `purchase_count >= ${i % 7}`,
    (i: number) => `last_purchase within ${400 + i} days`,
    (i: number) => `(country in ("DE", "FR", "US") or engagement_score >= ${i})`,
    (i: number) => `not (genres includes all ("rock", "metal") and avg_order < ${10 + i})`,
  ];
  const more = Array.from({ length: tests - 1 }, (_, i) => (others[i % others.length] as (i: number) => string)(i));
  return ['total_spent >= 100', ...more].join(' and ');
}

/** Writes down when a key is pressed and when a number that is up to date has been painted. */
async function watch(page: Page): Promise<void> {
  await page.evaluate(() => {
    const log = { pressed: 0, painted: [] as number[] };
    Object.assign(window, { keystrokes: log });
    addEventListener('keydown', (event) => (log.pressed = event.timeStamp), true);
    const figure = document.querySelector('[data-total]') as Element;
    const look = () => {
      if (log.pressed === 0 || figure.getAttribute('data-asked') === null) return;
      const { pressed } = log;
      log.pressed = 0;
      // After the frame: what was changed before it is on the screen then.
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => log.painted.push(performance.now() - pressed);
        port2.postMessage(null);
      });
    };
    new MutationObserver(look).observe(figure, { attributes: true, subtree: true, childList: true, characterData: true });
  });
}

const painted = (page: Page) => page.evaluate(() => (window as unknown as { keystrokes: { painted: number[] } }).keystrokes.painted);

async function next(page: Page, count: number): Promise<void> {
  await page.waitForFunction((wanted) => (window as unknown as { keystrokes: { painted: number[] } }).keystrokes.painted.length >= wanted, count, { polling: 5 });
}

const quantile = (values: number[], share: number): number => [...values].sort((a, b) => a - b)[Math.ceil(share * values.length) - 1] ?? NaN;

const told = (what: string, values: number[]) =>
  console.log(`${what}: p50 ${quantile(values, 0.5).toFixed(1)} ms, p95 ${quantile(values, 0.95).toFixed(1)} ms, most ${Math.max(...values).toFixed(1)} ms (${values.length} keys)`);

it.each(RULES)('a rule of %i tests', async (tests) => {
  const { page } = await visit(browser, `${server.url}/app/segments/new`);
  await page.getByRole('textbox', { name: 'The rule as text' }).fill(ruleOf(tests));
  const box = page.getByRole('textbox', { name: 'Value of rule 1', exact: true });
  await box.waitFor();
  await page.locator('[data-total][data-asked]').waitFor();
  await box.focus();
  await page.keyboard.press('End');
  await watch(page);
  // A digit more, a digit less: each key is another rule, and after the first two rounds none that was asked before.
  const keys = (i: number) => (i % 2 === 0 ? String(1 + ((i / 2) % 9)) : 'Backspace');
  let count = 0;
  const press = async (i: number) => {
    await page.keyboard.press(keys(i));
    count += 1;
    await next(page, count);
  };
  for (let i = 0; i < WARM; i++) await press(i);
  for (let i = 0; i < KEYS; i++) {
    if (i % 18 === 0) await page.keyboard.press(i % 36 === 0 ? 'Home' : 'End');
    await press(i);
  }
  const single = (await painted(page)).slice(WARM);
  told(`${PROFILES.toLocaleString('en')} profiles, ${tests} tests, key by key`, single);
  const before = (await painted(page)).length;
  for (let i = 0; i < KEYS; i++) {
    await page.keyboard.press(keys(i));
    await page.waitForTimeout(FAST_MS);
  }
  await page.waitForTimeout(500);
  told(`${PROFILES.toLocaleString('en')} profiles, ${tests} tests, a key every ${FAST_MS} ms and more`, (await painted(page)).slice(before));
  await page.context().close();
});
