import { describe, expect, it } from 'vitest';

import { PHONE, SCHEMES, barriers, shoot, visit } from './browser';
import { furnish, start } from './server';
import { stage } from './stage';

const on = stage(20_000, furnish);

describe.each(SCHEMES)('in %s colours', (scheme) => {
  it.each([
    ['home', '/'],
    ['segments', '/app/segments'],
  ])('%s can be read by everybody and complains of nothing', async (name, path) => {
    const { page, complaints } = await visit(on.browser, on.server.url + path, scheme);
    await page.getByRole('link', { name: 'VIP customers' }).first().waitFor();
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await shoot(page, `${name}-${scheme}`);
    await page.context().close();
  });
});

it('shows exact sizes', async () => {
  const { page } = await visit(on.browser, on.server.url);
  const { count } = await on.server.post('/api/segments/preview', { text: 'total_spent >= 1000' });
  const row = page.getByRole('row', { name: /VIP customers/ });
  expect(await row.textContent()).toContain(Number(count).toLocaleString('en'));
  await page.context().close();
});

it('draws how many people there were, from the first day that was counted', async () => {
  const { page, complaints } = await visit(on.browser, on.server.url);
  const panel = page.getByRole('region', { name: 'People over time' });
  await panel.getByText('Counting began today').waitFor();
  // A month cannot be waited for.
  const now = Date.now();
  const items = Array.from({ length: 30 }, (_, i) => ({ from: new Date(now - (30 - i) * 86_400_000).toISOString(), count: 10_000 + i * 300, entered: 310, left: 10 }));
  await page.route('**/api/analytics/population?*', (route) =>
    route.fulfill({ json: { items, count_before: null, days: 90, population: 20_000, data_version: 1, now: new Date(now).toISOString(), took_us: 1 } }),
  );
  await page.reload({ waitUntil: 'networkidle' });
  await panel.getByText('+10,000 people (+100%) in 30 days').waitFor();
  await panel.getByRole('button', { name: 'Show as a table' }).click();
  await panel.getByRole('row').nth(31).getByText('20,000').waitFor();
  expect(await barriers(page)).toEqual([]);
  await panel.getByRole('button', { name: 'Show as a picture' }).click();
  await shoot(page, 'home-growth');
  expect(complaints).toEqual([]);
  await page.context().close();
});

it('follows a segment that is saved elsewhere', async () => {
  const { page } = await visit(on.browser, on.server.url);
  await on.server.post('/api/segments', { name: 'Saved meanwhile', text: 'purchase_count >= 1' });
  await page.getByRole('link', { name: 'Saved meanwhile' }).first().waitFor({ timeout: 15_000 });
  await page.context().close();
});

it('names rules that say something in vain', async () => {
  const { page } = await visit(on.browser, on.server.url);
  const health = page.getByRole('region', { name: 'Data health' });
  await health.getByRole('link', { name: 'Spends and spends' }).first().waitFor();
  await page.context().close();
});

it('finds segments, and the search is in the address', async () => {
  const { page, complaints } = await visit(on.browser, `${on.server.url}/app/segments`);
  await page.getByRole('textbox', { name: 'Search segments' }).fill('rock');
  await page.waitForURL(/q=rock/);
  await page.getByText('1 segment', { exact: true }).waitFor();
  expect(await page.getByRole('row').count()).toBe(2);
  await page.reload({ waitUntil: 'networkidle' });
  expect(await page.getByRole('textbox', { name: 'Search segments' }).inputValue()).toBe('rock');
  expect(complaints).toEqual([]);
  await page.context().close();
});

it('is found by keys alone', async () => {
  const { page } = await visit(on.browser, on.server.url);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');
  await page.context().close();
});

it('fits a phone', async () => {
  const { page, complaints } = await visit(on.browser, on.server.url, 'light', PHONE);
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(sideways).toBe(0);
  expect(await barriers(page)).toEqual([]);
  await shoot(page, 'home-phone');
  await page.getByRole('button', { name: 'Open the menu' }).click();
  await page.getByRole('link', { name: 'Segments', exact: true }).click();
  await page.getByRole('heading', { name: 'Segments', level: 1 }).waitFor();
  expect(complaints).toEqual([]);
  await page.context().close();
});

it('says what to do when nobody is there, and when an address leads nowhere', async () => {
  const empty = await start(0);
  const { page, complaints } = await visit(on.browser, empty.url);
  await page.getByRole('link', { name: 'Import people' }).waitFor();
  expect(await barriers(page)).toEqual([]);
  await page.goto(`${empty.url}/app/nowhere`);
  await page.getByRole('link', { name: 'Go to the home page' }).waitFor();
  expect(complaints).toEqual([]);
  await page.context().close();
  await empty.stop();
});
