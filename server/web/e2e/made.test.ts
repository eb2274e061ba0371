// Segments that are no rules, made on the page: look-alikes and lists of people.
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';

import { PHONE, SCHEMES, barriers, shoot, visit } from './browser';
import { furnish } from './server';
import { stage } from './stage';

const on = stage(5_000, furnish);

async function pick(page: Page, box: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: box }).or(page.locator(`input[aria-label="${box}"]`)).first().click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

it.each(SCHEMES)('finds look-alikes, says why, and saves them, in %s colours', async (scheme) => {
  const { page, complaints } = await visit(on.browser, `${on.server.url}/app/segments/new`, scheme);
  await page.getByRole('link', { name: 'Look-alike' }).click();
  await page.waitForURL(/kind=alike/);
  await page.getByRole('heading', { name: 'New look-alike segment' }).waitFor();
  await pick(page, 'Like the people of', 'VIP customers');
  await page.locator('[data-alike="1000"]').waitFor();
  await page.getByRole('table', { name: 'What tells them from others' }).getByRole('row').nth(2).waitFor();
  await page.getByText(/times as good as chance/).waitFor();
  await page.getByRole('textbox', { name: 'People, at most' }).fill('300');
  await page.locator('[data-alike="300"]').waitFor();
  // By similarity, with keys: the more alike, the fewer.
  await page.getByText('By similarity', { exact: true }).click();
  const slider = page.getByRole('slider', { name: 'At least this alike' });
  await slider.focus();
  const reached = async () => Number(await page.locator('[data-alike]').getAttribute('data-alike'));
  await page.waitForFunction(() => document.querySelector('[data-alike]')?.getAttribute('data-alike') !== '300');
  const before = await reached();
  for (let i = 0; i < 20; i++) await page.keyboard.press('ArrowRight');
  await expect.poll(reached, { timeout: 10_000 }).toBeLessThan(before);
  expect(await slider.getAttribute('aria-valuetext')).toMatch(/^similarity 0\.7: [\d,]+ people$/);
  expect(await barriers(page)).toEqual([]);
  await shoot(page, `new-alike-${scheme}`);
  await page.getByText('So many people', { exact: true }).click();
  await page.getByRole('button', { name: 'Save segment' }).click();
  await page.getByText('A segment needs a name to be saved.').waitFor();
  await page.getByRole('textbox', { name: 'Name' }).fill(`Like VIPs, ${scheme}`);
  await page.getByRole('button', { name: 'Save segment' }).click();
  await page.getByRole('heading', { name: `Like VIPs, ${scheme}` }).waitFor();
  await page.getByText('Look-alikes: people like those of another segment.').waitFor();
  expect(complaints).toEqual([]);
  await page.context().close();
});

it('says when a source is too small', async () => {
  await on.server.post('/api/segments', { name: 'Two', segment_type: 'static', customers: ['c00000001', 'c00000002'] });
  const { page, expect: mayBe } = await visit(on.browser, `${on.server.url}/app/segments/new?kind=alike`);
  mayBe(422);
  await pick(page, 'Like the people of', 'Two');
  await page.getByRole('alert').waitFor();
  expect(await page.getByRole('button', { name: 'Save segment' }).isDisabled()).toBe(true);
  expect(await barriers(page)).toEqual([]);
  await page.context().close();
});

it('makes lists of ids, of a file, and of a segment as it is now', async () => {
  const { page, complaints } = await visit(on.browser, `${on.server.url}/app/segments/new?kind=list`);
  await page.getByRole('textbox', { name: 'Name' }).fill('By ids');
  await page.getByRole('textbox', { name: 'Ids, one a line' }).fill('c00000001\nc00000002, c00000002\nnobody');
  await page.getByText('3 different ids').waitFor();
  expect(await barriers(page)).toEqual([]);
  await shoot(page, 'new-list');
  await page.getByRole('button', { name: 'Save segment' }).click();
  await page.getByText('“By ids” holds 2 people; 1 id was nobody’s').waitFor();
  await page.getByRole('heading', { name: 'By ids' }).waitFor();

  await page.goto(`${on.server.url}/app/segments/new?kind=list`);
  await page.locator('input[type=file]').setInputFiles({ name: 'ids.txt', mimeType: 'text/plain', buffer: Buffer.from('c00000003\r\nc00000004\r\n') });
  await page.getByText('2 different ids').waitFor();

  await page.getByText('A segment, as it is now').click();
  await pick(page, 'Segment', 'VIP customers');
  await page.getByRole('textbox', { name: 'Name' }).fill('VIPs of today');
  await page.getByRole('button', { name: 'Save segment' }).click();
  await page.getByRole('heading', { name: 'VIPs of today' }).waitFor();
  const { count } = await on.server.post('/api/segments/preview', { text: 'total_spent >= 1000', sample: 0 });
  await page.getByText(`“VIPs of today” holds ${Number(count).toLocaleString('en')} people`).waitFor();
  expect(complaints).toEqual([]);
  await page.context().close();
});

it.each(['alike', 'list'])('%s fits a phone', async (kind) => {
  const { page } = await visit(on.browser, `${on.server.url}/app/segments/new?kind=${kind}`, 'light', PHONE);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
  expect(await barriers(page)).toEqual([]);
  await page.context().close();
});
