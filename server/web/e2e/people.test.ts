import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';

import { PHONE, SCHEMES, barriers, shoot, visit } from './browser';
import { furnish, start } from './server';
import { stage } from './stage';

let somebody: string;

const on = stage(2_000, async (server) => {
  await furnish(server);
  await server.post('/api/suppressions', { name: 'unsubscribed' });
  const found = await server.post('/api/segments/preview', { text: 'total_spent >= 1000 and email exists', sample: 1 });
  somebody = String((found.sample as { id: string }[])[0]?.id);
  const event = (type: string, i: number) => ({ event_id: `${type} ${i}`, profile_id: somebody, type, time: `2026-0${1 + (i % 9)}-11T10:00:00Z` });
  const bought = Array.from({ length: 20 }, (_, i) => ({ ...event('purchase', i), amount: 10 + i, properties: { category: 'tickets' } }));
  await server.post('/api/events', { events: [...bought, event('visit', 1)] });
});

const ADDRESSES: [string, string, string][] = [
  ['people', '/app/people', 'Person'],
  ['person', '/app/people/ID', 'What they did'],
  ['data', '/app/data', 'total_spent'],
  ['data-events', '/app/data?tab=events', 'Purchase'],
  ['data-import', '/app/data?tab=import', 'Drop a file here'],
  ['data-exports', '/app/data?tab=exports', 'Parquet'],
  ['data-health', '/app/data?tab=health', 'Fields worth a look'],
  ['settings', '/app/settings', 'Nobody signs in by name yet'],
  ['settings-keys-none', '/app/settings?tab=keys', 'There are no keys yet'],
  ['settings-you', '/app/settings?tab=you', 'Anybody'],
  ['settings-personal', '/app/settings?tab=personal', 'Save'],
  ['settings-channels', '/app/settings?tab=channels', 'No channels yet'],
  ['settings-suppressions', '/app/settings?tab=suppressions', 'unsubscribed'],
  ['settings-groups', '/app/settings?tab=groups', 'There is none.'],
  ['settings-webhooks', '/app/settings?tab=webhooks', 'Nobody is told yet'],
  ['settings-audit', '/app/settings?tab=audit', 'Save all as NDJSON'],
  ['settings-tenants', '/app/settings?tab=tenants', 'default'],
  ['settings-server', '/app/settings?tab=server', 'Everything works'],
];

describe.each(SCHEMES)('in %s colours', (scheme) => {
  it.each(ADDRESSES)('%s can be read by everybody and complains of nothing', async (name, path, text) => {
    const { page, complaints } = await visit(on.browser, on.server.url + path.replace('ID', somebody), scheme);
    await page.getByText(text, { exact: true }).first().waitFor();
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await shoot(page, `${name}-${scheme}`);
    await page.context().close();
  });
});

it.each(ADDRESSES)('%s fits a phone', async (name, path, text) => {
  const { page } = await visit(on.browser, on.server.url + path.replace('ID', somebody), 'light', PHONE);
  await page.getByText(text, { exact: true }).first().waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
  await shoot(page, `${name}-phone`);
  await page.context().close();
});

it('finds people by id, by a part of any text, and by a rule', async () => {
  const { page, complaints } = await visit(on.browser, `${on.server.url}/app/people`);
  const search = page.getByRole('textbox', { name: 'Search people' });
  await search.fill(somebody);
  await page.getByText('1 of 2,000 people').waitFor();
  await search.fill('BERLIN');
  const { count } = await on.server.post('/api/segments/preview', { text: 'city matches "(?i)berlin" or last_name matches "(?i)berlin"' });
  await page.getByText(`${String(count)} of 2,000 people`).waitFor();
  await page.waitForURL(/q=BERLIN/);
  await search.fill('');
  await page.getByText('2,000 people', { exact: true }).waitFor();
  const rule = page.getByRole('textbox', { name: 'Only those who fit a rule' });
  await rule.fill('total_spent >= 1000');
  const vip = await on.server.post('/api/segments/preview', { text: 'total_spent >= 1000' });
  await page.getByText(`${Number(vip.count).toLocaleString('en')} of 2,000 people`).waitFor();
  expect(await rule.evaluate((input) => input === document.activeElement)).toBe(true);
  await page.reload({ waitUntil: 'networkidle' });
  expect(await rule.inputValue()).toBe('total_spent >= 1000');
  expect(complaints).toEqual([]);
  await page.context().close();
});

it('says what is wrong with a rule', async () => {
  const { page, expect: refused } = await visit(on.browser, `${on.server.url}/app/people`);
  refused(422);
  await page.getByRole('textbox', { name: 'Only those who fit a rule' }).fill('total_spend >= 1000');
  await page.getByText(/did you mean .total_spent/i).waitFor();
  await page.context().close();
});

it('shows what somebody did, by type and page by page', async () => {
  const { page } = await visit(on.browser, `${on.server.url}/app/people/${somebody}`);
  const did = page.getByRole('region', { name: 'What they did' });
  await did.getByText('21 events').waitFor();
  await did.getByRole('button', { name: 'Show more' }).click();
  await expect.poll(() => did.getByRole('listitem').count()).toBe(21);
  await did.getByText('Visit', { exact: true }).first().click();
  await expect.poll(() => did.getByRole('listitem').count()).toBe(1);
  await page.waitForURL(/type=visit/);
  await page.context().close();
});

it('says which gate takes somebody out of an audience, and gives and takes consent', async () => {
  await fetch(`${on.server.url}/api/channels/email`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ consent_text: 'email_consent = true' }),
  });
  const { page } = await visit(on.browser, `${on.server.url}/app/people/${somebody}`);
  const audiences = page.getByRole('region', { name: 'Audiences' });
  await audiences.getByText('Segment “VIP customers”').first().waitFor();
  await audiences.getByText('Segment “Recent buyers”').first().waitFor();
  const consent = page.getByRole('switch', { name: 'Consents to email' });
  await consent.waitFor();
  const before = await consent.isChecked();
  await consent.focus();
  await page.keyboard.press('Space');
  await expect.poll(() => consent.isChecked()).toBe(!before);
  const { fields } = (await (await fetch(`${on.server.url}/api/profiles/${somebody}`)).json()) as { fields: Record<string, unknown> };
  expect(fields.email_consent).toBe(!before);
  await page.context().close();
});

const CSV = `customer_id,Name,city,spent,secret
1,Ada,Wien,1200.50,x
2,Bob,"Graz, West",80,y
3,Eve,Wien,many,z
4,Dan,,500,w
`;

const choose = (page: Page, name: string, content: string) =>
  page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(content) });

it('goes from an empty database by a file to a person, and erases them', async () => {
  const empty = await start(0);
  const { page, complaints } = await visit(on.browser, empty.url);
  await page.getByRole('link', { name: 'Import people' }).click();
  await page.getByRole('tab', { name: 'Import' }).click();
  await choose(page, 'people.csv', CSV);
  await page.getByRole('combobox', { name: 'What secret becomes' }).waitFor();
  await page.getByRole('combobox', { name: 'What secret becomes' }).click();
  await page.getByRole('option', { name: 'Leave out' }).click();
  await shoot(page, 'import-mapping');
  expect(await barriers(page)).toEqual([]);
  await page.getByRole('button', { name: /^Import / }).click();
  await page.getByText('Every one of 4 rows is accounted for').waitFor();
  expect(await barriers(page)).toEqual([]);
  await shoot(page, 'import-report');
  await page.getByRole('link', { name: 'Look at the people' }).click();
  await page.getByRole('link', { name: '1', exact: true }).click();
  await page.getByRole('heading', { name: '1', level: 1 }).waitFor();
  await page.getByText('Ada').waitFor();
  expect(await page.getByText('secret').count()).toBe(0);

  await empty.post('/api/segments', { name: 'Big', text: 'city is "Wien" and Name is "Ada"' });
  await page.reload({ waitUntil: 'networkidle' });
  const segments = page.getByRole('region', { name: 'Segments' });
  await segments.getByText('In 1 segment').waitFor();
  await segments.getByText('The smallest change that takes them out').waitFor();
  expect(await segments.getByText('Holds:').count()).toBeGreaterThan(2);

  await page.getByRole('button', { name: 'Erase' }).click();
  const erase = page.getByRole('button', { name: 'Erase for good' });
  expect(await erase.isDisabled()).toBe(true);
  await page.getByRole('textbox', { name: 'Type 1 to confirm' }).fill('1');
  await page.keyboard.press('Enter');
  await page.getByText('Receipt 1').first().waitFor();
  expect(await barriers(page)).toEqual([]);
  await shoot(page, 'receipt');
  expect((await fetch(`${empty.url}/api/profiles/1`)).status).toBe(404);
  expect(complaints).toEqual([]);
  await page.context().close();
  await empty.stop();
});

it('shows what a file would change before it does', async () => {
  const small = await start(0);
  await fetch(`${small.url}/api/profiles/import`, { method: 'POST', headers: { 'content-type': 'text/csv' }, body: 'id,city\n1,Wien\n2,Graz\n' });
  const { page } = await visit(on.browser, `${small.url}/app/data?tab=import`);
  await choose(page, 'more.csv', 'id,City\n1,Wien\n2,Linz\n3,Bonn\n');
  await page.getByText('1 new person').waitFor();
  await page.getByText('1 changed').waitFor();
  await page.getByText('1 as they are').waitFor();
  await page.getByText('Graz → Linz').waitFor();
  await shoot(page, 'import-preview');
  await page.getByRole('button', { name: 'Try it: what would change' }).click();
  await page.getByText('Tried with all 3 rows of the file; nothing was changed').waitFor();
  expect(await barriers(page)).toEqual([]);
  await shoot(page, 'import-tried');
  expect((await fetch(`${small.url}/api/profiles/3`)).status).toBe(404);
  await page.getByRole('button', { name: /^Import / }).click();
  await page.getByText('Every one of 3 rows is accounted for').waitFor();
  await page.context().close();
  await small.stop();
});

it('tries and brings in a file of events of any format', async () => {
  const small = await start(0);
  await fetch(`${small.url}/api/profiles/import`, { method: 'POST', headers: { 'content-type': 'text/csv' }, body: 'id,city\n1,Wien\n' });
  const { page, complaints } = await visit(on.browser, `${small.url}/app/data?tab=import`);
  const rows = 'event_id,customer_id,type,time,amount,category\ne1,1,purchase,2026-01-02T03:04:05Z,17.10,shoes\ne2,2,purchase,yesterday,1,\ne3,2,view,2026-01-02T03:04:05Z,,\n';
  // Not the tab of the same name, which is there earlier.
  await page.getByRole('tabpanel').getByText('Events', { exact: true }).click();
  await choose(page, 'events.csv', rows);
  await page.getByRole('button', { name: 'Try it: what would change' }).click();
  await page.getByText('Tried with all 3 rows of the file; nothing was changed').waitFor();
  await page.getByRole('row', { name: /^2 time/ }).waitFor();
  expect(await barriers(page)).toEqual([]);
  await shoot(page, 'import-events');
  expect((await fetch(`${small.url}/api/profiles/2`)).status).toBe(404);
  await page.getByRole('button', { name: /^Import / }).click();
  await page.getByText('Every one of 3 rows is accounted for').waitFor();
  const { items } = (await (await fetch(`${small.url}/api/profiles/1/events`)).json()) as { items: { properties: unknown }[] };
  expect(items[0]?.properties).toEqual({ category: 'shoes' });
  expect(complaints).toEqual([]);
  await page.context().close();
  await small.stop();
});

it('is usable by keys alone', async () => {
  const { page } = await visit(on.browser, `${on.server.url}/app/data`);
  await page.getByRole('button', { name: 'total_spent' }).focus();
  await page.keyboard.press('Enter');
  const drawer = page.getByRole('dialog', { name: 'total_spent' });
  await drawer.getByText('Median').waitFor();
  await page.keyboard.press('Escape');
  await drawer.waitFor({ state: 'hidden' });
  await page.getByRole('tab', { name: 'Fields' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.waitForURL(/tab=events/);
  await page.context().close();
});
