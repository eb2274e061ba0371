// The pictures in the README: the demo with a million people, as it comes. `npm run pictures`; MUSTER names the binary.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, it } from 'vitest';

import { open, visit } from './browser';
import { type Server, startShop } from './server';

const PEOPLE = 1_000_000;
const SIZE = { width: 1280, height: 800 };
const FOLDER = fileURLToPath(new URL('../../../docs/pictures', import.meta.url));

let browser: Browser;
let server: Server;

beforeAll(async () => {
  [browser, server] = await Promise.all([open(), startShop(PEOPLE)]);
  mkdirSync(FOLDER, { recursive: true });
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const idOf = async (kind: 'segments' | 'audiences', name: string): Promise<number> => {
  const { items } = (await (await fetch(`${server.url}/api/${kind}`)).json()) as { items: { id: number; name: string }[] };
  const found = items.find((one) => one.name === name);
  if (!found) throw new Error(`the demo has no ${kind} called ${name}`);
  return found.id;
};

async function picture(name: string, path: string, ready: (page: Page) => Promise<void>): Promise<void> {
  const { page } = await visit(browser, server.url + path, 'light', SIZE);
  await ready(page);
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.screenshot({ path: `${FOLDER}/${name}.png` });
  await page.context().close();
}

it('draws the home page', () =>
  picture('home', '/', (page) => page.getByRole('link', { name: 'VIP customers' }).first().waitFor()));

it('draws a rule', async () =>
  picture('segment', `/app/segments/${await idOf('segments', 'VIP customers')}`, async (page) => {
    await page.locator('[data-counts]').nth(2).waitFor();
    await page.getByRole('button', { name: 'Show how Total spent is spread' }).click();
    await page.getByRole('slider').first().waitFor();
  }));

it('draws an audience', async () =>
  picture('audience', `/app/audiences/${await idOf('audiences', 'Win-back VIP Campaign')}`, async (page) => {
    const sum = page.getByRole('region', { name: 'How it comes about' });
    await sum.getByText('Counted twice', { exact: true }).first().waitFor();
    await sum.evaluate((part) => part.scrollIntoView({ block: 'end' }));
  }));
