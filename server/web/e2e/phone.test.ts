// Lists with many columns on a phone and in a small window: rows are cards, nothing is moved sideways, and whoever hears the page
// still hears a table.
import type { Locator, Page } from 'playwright-core';
import { expect, it } from 'vitest';

import { PHONE, barriers, shoot, visit } from './browser';
import { type Server, furnish } from './server';
import { stage } from './stage';

const SMALL = { width: 820, height: 1100 };

let [admin, operator] = ['', ''];

/** Sends JSON as somebody, or as anybody while nobody has to sign in. */
async function send(server: Server, method: string, path: string, body: object, key?: string): Promise<Record<string, unknown>> {
  const headers = { 'content-type': 'application/json', ...(key ? { authorization: `Bearer ${key}` } : {}) };
  const answer = await fetch(server.url + path, { method, headers, body: JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
  return JSON.parse(text) as Record<string, unknown>;
}

const on = stage(2_000, async (server) => {
  await furnish(server);
  await server.post('/api/segments', { name: 'Everybody whose address is known', text: 'email exists' });
  await send(server, 'PATCH', '/api/audiences/1', { description: 'Another version of it' });
  await server.post('/api/suppressions', { name: 'Contacted in the last days', keep_days: 7 });
  const festival = { name: 'Summer festival of rock and metal', genres: ['rock', 'metal'], city: 'Berlin', country: 'DE', price_min: 49, price_max: 129 };
  await server.post('/api/event-offers', { ...festival, starts_at: '2036-07-01T18:00:00Z' });
  await server.post('/api/events', { events: [{ event_id: '1', profile_id: 'c00000001', type: 'newsletter_opened', time: '2026-03-01T10:00:00Z' }] });
  operator = String((await server.post('/api/keys', { role: 'operator', name: 'Operations' })).key);
  const tenant = { id: 'south-america', currency: 'ARS', time_zone: 'America/Argentina/Buenos_Aires', profiles: 500_000, requests_per_second: 50 };
  await send(server, 'POST', '/api/tenants', tenant, operator);
  admin = String((await send(server, 'POST', '/api/keys', { role: 'admin', name: 'Nightly import from the shop in the old town' }, operator)).key);
  await send(server, 'POST', '/api/users', { name: 'somebody.with.a.long.name@marketing.example.com', role: 'admin' }, operator);
});

/** Where lists are, and what each is called. */
const LISTS: [string, string, string][] = [
  ['people', '/app/people', 'People'],
  ['segment-people', '/app/segments/1?tab=people', 'Who is in'],
  ['snapshots', '/app/audiences/1?tab=snapshots', 'Snapshots'],
  ['versions', '/app/audiences/1?tab=versions', 'Versions'],
  ['sample', '/app/audiences/1', 'Some who receive it'],
  ['offers', '/app/offers', '1 offer'],
  ['events', '/app/data?tab=events', 'Types of events'],
  ['exports', '/app/data?tab=exports', 'Snapshots to take along'],
  ['fields', '/app/data', 'Data'],
  ['home', '/', 'Segments'],
  ['accounts', '/app/settings?tab=accounts', 'People and roles'],
  ['keys', '/app/settings?tab=keys', 'Keys'],
  ['suppressions', '/app/settings?tab=suppressions', 'Suppressions'],
  ['audit', '/app/settings?tab=audit', 'Audit'],
  ['tenants', '/app/settings?tab=tenants', 'Tenants'],
];

/** How far the page, and boxes in it that hold a list, can be moved sideways. */
const sideways = (page: Page) =>
  page.evaluate(() => {
    const lists = [...document.querySelectorAll('main table[aria-label]')].map((table) => table.parentElement ?? table);
    // Tables of pictures are there for whoever hears them.
    const boxes = [document.documentElement, ...lists.filter((box) => box.clientWidth > 1)];
    return Math.max(...boxes.map((box) => box.scrollWidth - box.clientWidth));
  });

/** A list, with the columns that are read out and the cells of its first row. */
async function heard(list: Locator): Promise<{ heads: number; cells: number }> {
  const row = list.getByRole('row').nth(1);
  return { heads: await list.getByRole('columnheader').count(), cells: await row.getByRole('cell').count() };
}

/** A page on a phone, by somebody who is signed in. */
async function open(path: string, key: string) {
  const { page, complaints } = await visit(on.browser, on.server.url, 'light', PHONE);
  // Nobody was signed in yet.
  complaints.splice(0);
  await page.evaluate((kept) => sessionStorage.setItem('muster.key', kept), key);
  await page.goto(on.server.url + path);
  return { page, complaints };
}

it.each(LISTS)('%s is a table on a phone, without being moved sideways', async (name, path, label) => {
  const { page, complaints } = await open(path, name === 'tenants' ? operator : admin);
  const list = page.getByRole('table', { name: label, exact: true });
  await list.getByRole('row').nth(1).waitFor();
  await page.waitForLoadState('networkidle');
  expect(await sideways(page)).toBe(0);
  const { heads, cells } = await heard(list);
  expect([heads, cells]).toEqual([heads, heads]);
  expect(heads).toBeGreaterThan(1);
  expect(await barriers(page)).toEqual([]);
  await shoot(page, `${name}-cards-phone`);
  await page.emulateMedia({ colorScheme: 'dark' });
  // Anew, so that no colour is on its way to another.
  await page.reload({ waitUntil: 'networkidle' });
  await list.getByRole('row').nth(1).waitFor();
  expect(await barriers(page)).toEqual([]);
  await page.setViewportSize(SMALL);
  await expect.poll(() => sideways(page)).toBe(0);
  expect(complaints).toEqual([]);
  await page.context().close();
});

it('a card says of each value which it is, once, and what one can do', async () => {
  const { page } = await open('/app/settings?tab=keys', admin);
  const row = page.getByRole('row', { name: /Nightly import/ });
  await row.waitFor();
  const drawn = await row.getByRole('cell').evaluateAll((all) => all.map((cell) => getComputedStyle(cell, '::before').content.replace(/^"(.*?)".*$/, '$1')));
  expect(drawn).toEqual(['none', 'Role', 'Tenant', 'Last used', 'Good until', 'none']);
  expect(await row.getByRole('cell').nth(1).ariaSnapshot()).toBe('- cell "Admin"');
  await row.getByRole('button', { name: 'Revoke Nightly import from the shop in the old town' }).click();
  await page.getByRole('dialog').waitFor();
  await page.context().close();
});

it('the audit says in words what was done, and finds it by them', async () => {
  const { page } = await open('/app/settings?tab=audit', admin);
  const rows = page.getByRole('table', { name: 'Audit' }).getByRole('row');
  await rows.filter({ hasText: 'Made a tenant' }).filter({ hasText: 'POST /api/tenants' }).waitFor();
  await page.getByRole('textbox', { name: 'Search these entries' }).fill('invited');
  await expect.poll(() => rows.count()).toBe(2);
  await rows.filter({ hasText: 'Invited somebody' }).getByText('Done').waitFor();
  await page.context().close();
});
