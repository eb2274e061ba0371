// How soon the builder is there and how steady: first and largest contentful paint, blocking time, layout shift, bytes. A
// fresh visit each time, nothing in the browser's cache. VISITS (9) says how many, PROFILES (20,000) of how many people;
// MUSTER names the binary.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, it } from 'vitest';

import { WIDE, open } from './browser';
import { type Server, furnish, start } from './server';

const VISITS = Number(process.env.VISITS ?? 9);
const PROFILES = Number(process.env.PROFILES ?? 20_000);

/** Milliseconds of a task beyond which it blocks whoever wants to type: https://web.dev/articles/tbt. */
const LONG_MS = 50;

const ROUTES: [string, string][] = [
  ['a rule that is saved', '/app/segments/3'],
  ['a new rule', '/app/segments/new'],
  ['the home page', '/'],
];

interface Vitals {
  'first contentful paint, ms': number;
  'largest contentful paint, ms': number;
  'total blocking time, ms': number;
  'layout shift': number;
  'requests': number;
  'kB sent by the server': number;
  'kB of scripts among them': number;
}

let browser: Browser;
let server: Server;

beforeAll(async () => {
  [browser, server] = await Promise.all([open(), start(PROFILES)]);
  await furnish(server);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

async function look(path: string): Promise<Vitals> {
  const context = await browser.newContext({ viewport: WIDE });
  const page = await context.newPage();
  await page.addInitScript((long) => {
    const seen = { largest: 0, blocked: 0, shift: 0 };
    Object.assign(window, { vitals: seen });
    const observe = (type: string, each: (entry: PerformanceEntry) => void) =>
      new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({ type, buffered: true });
    observe('largest-contentful-paint', (entry) => (seen.largest = entry.startTime));
    observe('longtask', (entry) => (seen.blocked += entry.duration - long));
    observe('layout-shift', (entry) => (seen.shift += (entry as unknown as { value: number }).value));
  }, LONG_MS);
  await page.goto(server.url + path, { waitUntil: 'networkidle' });
  await page.locator('h1').first().waitFor();
  await page.waitForLoadState('networkidle');
  const found = await page.evaluate(() => {
    const seen = (window as unknown as { vitals: { largest: number; blocked: number; shift: number } }).vitals;
    const loaded = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')] as PerformanceResourceTiming[];
    const sent = (some: PerformanceResourceTiming[]) => some.reduce((sum, one) => sum + one.transferSize, 0) / 1024;
    return {
      'first contentful paint, ms': performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN,
      'largest contentful paint, ms': seen.largest,
      'total blocking time, ms': seen.blocked,
      'layout shift': seen.shift,
      'requests': loaded.length,
      'kB sent by the server': sent(loaded),
      'kB of scripts among them': sent(loaded.filter((one) => one.name.endsWith('.js'))),
    };
  });
  await context.close();
  return found;
}

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;

it.each(ROUTES)('%s', async (what, path) => {
  const visits: Vitals[] = [];
  for (let i = 0; i < VISITS; i++) visits.push(await look(path));
  const names = Object.keys(visits[0] as Vitals) as (keyof Vitals)[];
  const lines = names.map((name) => {
    const values = visits.map((visit) => visit[name]);
    const told = (value: number) => value.toFixed(name === 'layout shift' ? 3 : 0).padStart(7);
    return `${told(median(values))} ${told(Math.max(...values))}  ${name}`;
  });
  console.log(`${what}, ${VISITS} visits: median, most\n${lines.join('\n')}`);
});
