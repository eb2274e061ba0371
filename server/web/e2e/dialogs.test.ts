// Dialogs, imports and cures without a mouse: where the cursor is before, meanwhile and after, and what Escape does.
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';

import { SCHEMES, barriers, dialogBarriers, visit } from './browser';
import { furnish } from './server';
import { stage } from './stage';

const on = stage(2_000, furnish);

/** Tab is pressed so often: more than any of the dialogs has places. */
const TABS = 24;

const isInDialog = (page: Page) => page.evaluate(() => document.activeElement?.closest('[role=dialog]') !== null);

/** What the cursor is on, or in; nothing where it is lost. */
const place = (page: Page) =>
  page.evaluate(() => (document.activeElement === document.body ? '' : (document.activeElement?.textContent ?? '')));

/** Goes on by Tab to a button, and presses it. */
async function pressNext(page: Page, name: string): Promise<void> {
  const wanted = page.getByRole('button', { name, exact: true });
  for (let i = 0; i < TABS; i += 1) {
    if (await wanted.evaluate((button) => button === document.activeElement)) return page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
  }
  throw new Error(`no Tab leads to ${name}`);
}

const DIALOGS = [
  ['keys', 'New key', 'Name'],
  ['accounts', 'Invite somebody', 'Name to sign in with'],
  ['tenants', 'New tenant', 'Id'],
  ['suppressions', 'New suppression', 'Name'],
] as const;

it.each(DIALOGS)('%s: the cursor goes into “%s”, stays in it, and comes back', async (tab, opener, first) => {
  const { page, complaints } = await visit(on.browser, `${on.server.url}/app/settings?tab=${tab}`);
  const button = page.getByRole('button', { name: opener, exact: true });
  await button.press('Enter');
  const field = page.getByRole('dialog', { name: opener }).getByLabel(first, { exact: true });
  await expect.poll(() => field.evaluate((input) => input === document.activeElement)).toBe(true);
  for (let i = 0; i < TABS; i += 1) {
    await page.keyboard.press('Tab');
    expect(await isInDialog(page)).toBe(true);
  }
  await field.focus();
  await page.keyboard.type('north');
  await expect.poll(() => field.inputValue()).toBe('north');
  await page.keyboard.press('Escape');
  await page.getByRole('status').filter({ hasText: 'What you have typed is not saved' }).waitFor();
  expect(await field.inputValue()).toBe('north');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await expect.poll(() => button.evaluate((one) => one === document.activeElement)).toBe(true);
  expect(complaints).toEqual([]);
  await page.context().close();
});

it.each(SCHEMES)('can be read by everybody in %s colours when it asks whether what was typed may go', async (scheme) => {
  const { page } = await visit(on.browser, `${on.server.url}/app/settings?tab=channels`, scheme);
  await page.getByRole('button', { name: 'New channel' }).press('Enter');
  await page.getByRole('dialog', { name: 'New channel' }).getByLabel('Name', { exact: true }).fill('letter');
  await page.keyboard.press('Escape');
  await page.getByText('What you have typed is not saved').waitFor();
  expect(await dialogBarriers(page)).toEqual([]);
  await page.context().close();
});

it('brings a file in by keys, from choosing it to the report and to another one', async () => {
  const { page, complaints } = await visit(on.browser, `${on.server.url}/app/data?tab=import`);
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose a file' }).press('Enter');
  const rows = 'id,total_spent,loyalty_tier\nk1,12.50,gold\nk2,99,silver\n';
  await (await chooser).setFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(rows) });
  await expect.poll(() => place(page)).toContain('people.csv');
  // Fields are called as people know them.
  expect(await page.getByRole('combobox', { name: 'What total_spent becomes' }).inputValue()).toBe('Total spent');
  expect(await page.getByRole('combobox', { name: 'What loyalty_tier becomes' }).inputValue()).toBe('New field: Loyalty tier');
  expect(await barriers(page)).toEqual([]);
  await pressNext(page, 'Try it: what would change');
  await expect.poll(() => place(page)).toContain('What would change');
  expect(await barriers(page)).toEqual([]);
  await pressNext(page, 'Import the file');
  await expect.poll(() => place(page)).toContain('Every one of 2 rows is accounted for');
  await page.getByText('Loyalty tier · Text').waitFor();
  await pressNext(page, 'Another file');
  await expect.poll(() => place(page)).toContain('Drop a file here');
  expect(complaints).toEqual([]);
  await page.context().close();
});

it('goes on in the rule when a cure has taken a part of it away', async () => {
  const { page, complaints } = await visit(on.browser, `${on.server.url}/app/segments/new`);
  await page.getByRole('textbox', { name: 'The rule as text' }).fill('total_spent >= 500 and total_spent >= 200 and email exists');
  await page.getByRole('button', { name: /^Simplify: / }).press('Enter');
  await expect.poll(() => page.getByRole('group', { name: /^Rule/ }).count()).toBe(2);
  await expect.poll(() => page.evaluate(() => document.activeElement?.closest('[data-node]')?.getAttribute('aria-label') ?? '')).toMatch(/^Rule/);
  expect(complaints).toEqual([]);
  await page.context().close();
});
