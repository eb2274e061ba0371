// The builder without a mouse: where the cursor is after each step, and pictures whose parts are moved by keys.
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';

import { visit } from './browser';
import { furnish } from './server';
import { stage } from './stage';

const on = stage(5_000, furnish);

const text = (page: Page) => page.getByRole('textbox', { name: 'The rule as text' });
const here = (page: Page) =>
  page.evaluate(() => ({
    label: document.activeElement?.getAttribute('aria-label') ?? '',
    node: document.activeElement?.closest('[data-node]')?.getAttribute('aria-label') ?? '',
  }));

async function write(page: Page, rule: string, rules: number): Promise<void> {
  await text(page).fill(rule);
  await expect.poll(() => page.getByRole('group', { name: /^Rule/ }).count()).toBe(rules);
}

it('goes on at the next rule when one is removed or put into a group, and shows no list unasked', async () => {
  const { page, complaints } = await visit(on.browser, `${on.server.url}/app/segments/new`);
  await write(page, 'total_spent >= 100 and purchase_count >= 2 and email_consent is true', 3);
  await page.getByRole('button', { name: 'Remove: Rule 2' }).press('Enter');
  await expect.poll(() => here(page)).toEqual({ label: 'Turn off: Rule 2', node: 'Rule 2' });
  await page.getByRole('button', { name: 'Remove: Rule 2' }).press('Enter');
  await expect.poll(async () => (await here(page)).node).toBe('Rule 1');
  await page.getByRole('button', { name: 'More about Rule 1' }).press('Enter');
  await page.getByRole('menuitem', { name: 'Put into a group' }).press('Enter');
  await page.getByRole('group', { name: 'Group 1' }).waitFor();
  await expect.poll(async () => (await here(page)).node).toBe('Rule 1.1');
  expect(await page.getByRole('option').count()).toBe(0);
  await page.getByRole('button', { name: 'Remove: Rule 1.1' }).press('Enter');
  await expect.poll(async () => (await here(page)).node).not.toBe('');
  expect(complaints).toEqual([]);
  await page.context().close();
});

it('moves rules and groups by Alt and an arrow', async () => {
  const { page, complaints } = await visit(on.browser, `${on.server.url}/app/segments/new`);
  await write(page, 'total_spent >= 100 and (purchase_count >= 2 or email_consent is true)', 3);
  await page.getByRole('radio', { name: 'Any of' }).nth(1).focus();
  await page.keyboard.press('Alt+ArrowUp');
  await page.getByRole('group', { name: 'Group 1' }).waitFor();
  await expect.poll(async () => (await here(page)).node).toBe('Group 1');
  // A rule at the end of its group stays where it is, and so does the group.
  await page.getByRole('textbox', { name: 'Value of rule 1.1' }).focus();
  await page.keyboard.press('Alt+ArrowUp');
  await expect.poll(() => text(page).inputValue()).toBe('(purchase_count >= 2 or email_consent is true) and total_spent >= 100');
  expect(complaints).toEqual([]);
  await page.context().close();
});

it('moves bounds of whole numbers and of days by keys, however short the scale', async () => {
  const { page, complaints } = await visit(on.browser, `${on.server.url}/app/segments/new`);
  await write(page, 'purchase_count >= 2', 1);
  await page.getByRole('button', { name: /Show how Purchase count/ }).press('Enter');
  await page.getByRole('slider', { name: 'From' }).press('ArrowRight');
  await expect.poll(() => page.getByRole('textbox', { name: 'Value of rule 1' }).inputValue()).toBe('3');
  await write(page, 'last_purchase within 30 days', 1);
  // The picture stays open, and shows the other field.
  await page.getByRole('textbox', { name: 'Days of rule 1' }).waitFor();
  await page.getByRole('slider', { name: 'From' }).press('ArrowLeft');
  await expect.poll(async () => Number(await page.getByRole('textbox', { name: 'Days of rule 1' }).inputValue())).toBeGreaterThan(30);
  expect(complaints).toEqual([]);
  await page.context().close();
});

it('chooses a combination of sets by the space bar, and shows long names whole', async () => {
  const name = 'Everybody who spent five hundred or more in the stationery shops of the old town last winter';
  const { id } = await on.server.post('/api/segments', { name, text: 'total_spent >= 500' });
  const audience = await on.server.post('/api/audiences', { name: 'Long names', include_segments: [id, 'VIP customers'] });
  const { page, complaints } = await visit(on.browser, `${on.server.url}/app/audiences/${String(audience.id)}`);
  const panel = page.getByRole('region', { name: 'Who is in several at once' });
  const column = panel.getByRole('button', { name: new RegExp(`^${name} and VIP customers: `) });
  await column.waitFor();
  const cut = await panel.locator('[aria-hidden]').evaluateAll((all) => all.filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflow === 'hidden').map((one) => one.textContent));
  expect(cut).toEqual([]);
  const row = await panel.getByText(name, { exact: true }).locator('visible=true').first().evaluate((one) => ({ height: one.getBoundingClientRect().height, inside: one.scrollHeight <= one.clientHeight + 1 }));
  expect(row.height).toBeGreaterThan(40);
  expect(row.inside).toBe(true);
  await column.press('Space');
  await page.getByRole('dialog').waitFor();
  expect(complaints).toEqual([]);
  await page.context().close();
});
