// Events for sale: made, found, scored, and made a segment of; and what whoever may only count sees of them.
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';

import { PHONE, SCHEMES, barriers, shoot, visit } from './browser';
import { enter } from './keyed';
import { start } from './server';
import { stage } from './stage';

const FESTIVAL = {
  id: 42,
  name: 'Summer festival of rock, metal and everything that is loud',
  genres: ['rock', 'metal', 'indie'],
  event_types: ['purchase'],
  price_min: 49,
  price_max: 129,
  city: 'Berlin',
  country: 'DE',
  starts_at: '2036-07-01T18:00:00Z',
};

/** Somebody whom the festival fits best. */
let fan: string;

const get = async (path: string): Promise<Record<string, unknown>> => (await fetch(on.server.url + path)).json() as Promise<Record<string, unknown>>;
/** How many score so much or more at the festival. */
const reaching = async (least: number) => Number((await get(`/api/events/42/recommendations?min_score=${least}&limit=1`)).total);
const told = (n: number) => n.toLocaleString('en');

const on = stage(5_000, async (server) => {
  await server.post('/api/event-offers', FESTIVAL);
  await server.post('/api/event-offers', { name: 'Jazz night', genres: ['jazz'], city: 'Wien', country: 'AT', starts_at: '2035-01-10T19:00:00Z', price_min: 20 });
  await server.post('/api/event-offers', { name: 'Launch', status: 'draft' });
  await server.post('/api/event-offers', { name: 'Last year', starts_at: '2020-01-10T19:00:00Z' });
  await server.post('/api/events/42/generate-recommendations', { min_score: 40 });
  fan = String(((await get('/api/events/42/recommendations?limit=1')).customers as { customer_id: string }[])[0]?.customer_id);
});

const ADDRESSES: [string, string, string][] = [
  ['offers', '/app/offers', 'Jazz night'],
  ['offer', '/app/offers/42', '25 of '],
  ['offer-scoring', '/app/offers/scoring', 'Together'],
  ['offer-of-person', '/app/people/ID', 'Offers that fit best'],
];

describe.each(SCHEMES)('in %s colours', (scheme) => {
  it.each(ADDRESSES)('%s can be read by everybody and complains of nothing', async (name, path, text) => {
    const { page, complaints } = await visit(on.browser, on.server.url + path.replace('ID', fan), scheme);
    await page.getByText(text).first().waitFor();
    await page.waitForLoadState('networkidle');
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await shoot(page, `${name}-${scheme}`);
    await page.context().close();
  });
});

it('leaves room for what a reason means in a small window', async () => {
  const { page } = await visit(on.browser, `${on.server.url}/app/offers/scoring`, 'light', { width: 820, height: 1000 });
  const reasons = page.getByRole('region', { name: 'What each reason is worth' }).getByRole('listitem');
  await reasons.first().waitFor();
  await expect.poll(() => reasons.evaluateAll((all) => Math.max(...all.map((one) => one.getBoundingClientRect().height)))).toBeLessThan(110);
  await page.context().close();
});

it.each(ADDRESSES)('%s fits a phone', async (name, path, text) => {
  const { page } = await visit(on.browser, on.server.url + path.replace('ID', fan), 'light', PHONE);
  await page.getByText(text).first().waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
  await shoot(page, `${name}-phone`);
  await page.context().close();
});

it('lists what is to come, and finds the others', async () => {
  const { page, complaints } = await visit(on.browser, `${on.server.url}/app/offers`);
  const names = () => page.getByRole('table').getByRole('link').allTextContents();
  await page.getByRole('link', { name: 'Jazz night' }).waitFor();
  expect(await names()).toEqual(['Jazz night', FESTIVAL.name]);
  const search = page.getByRole('textbox', { name: 'Search offers' });
  await search.fill('berlin ROCK');
  await page.waitForURL(/q=berlin/);
  await expect.poll(names).toEqual([FESTIVAL.name]);
  await search.fill('launch');
  await page.getByText('No offer fits').waitFor();
  await page.getByRole('button', { name: 'Show all' }).click();
  await expect.poll(async () => (await names()).length).toBe(4);
  expect(await search.inputValue()).toBe('');
  await page.getByRole('combobox', { name: 'Which' }).click();
  await page.getByRole('option', { name: 'Drafts' }).click();
  await expect.poll(names).toEqual(['Launch']);
  expect(complaints).toEqual([]);
  await page.context().close();
});

it('makes an offer, changes and deletes it', async () => {
  const { page, complaints, expect: refused } = await visit(on.browser, `${on.server.url}/app/offers`);
  refused(409);
  await page.getByRole('button', { name: 'New offer' }).click();
  const dialog = page.getByRole('dialog');
  expect(await dialog.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Opera gala');
  await dialog.getByLabel('Begins (UTC)').fill('2036-03-04T20:30');
  const genres = dialog.getByRole('combobox', { name: 'Genres' });
  await genres.fill('oper');
  await page.getByRole('option', { name: 'opera' }).click();
  await genres.fill('ballet');
  await page.keyboard.press('Enter');
  await dialog.getByRole('textbox', { name: 'Cheapest price' }).fill('80');
  await dialog.getByRole('textbox', { name: 'Dearest price' }).fill('20');
  await dialog.getByText('Less than the cheapest price').waitFor();
  expect(await dialog.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
  await dialog.getByRole('textbox', { name: 'Dearest price' }).fill('240.50');
  // What only the server knows is said where it is typed: this number is taken.
  await dialog.getByRole('textbox', { name: 'Number' }).fill('42');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByRole('alert').waitFor();
  await dialog.getByRole('textbox', { name: 'Number' }).fill('');
  await page.waitForTimeout(50);
  expect((await barriers(page)).filter((one) => !one.includes('overlapped by another'))).toEqual([]);
  await shoot(page, 'offer-form');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: 'Opera gala', level: 1 }).waitFor();
  const id = Number(new URL(page.url()).pathname.split('/').at(-1));
  const saved = await get(`/api/event-offers/${id}`);
  expect([saved.starts_at, saved.genres, saved.price_max]).toEqual(['2036-03-04T20:30:00Z', ['opera', 'ballet'], 240.5]);
  // A word that nobody has is said, and so is what the offer does not say.
  await page.getByText('Nobody can have').waitFor();
  await page.getByText('Knows one of its artists (20): the offer does not say').waitFor();

  await page.getByRole('button', { name: 'Change', exact: true }).click();
  await dialog.getByRole('combobox', { name: 'Status' }).click();
  await page.getByRole('option', { name: 'Archived' }).click();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('“Opera gala” is saved').first().waitFor();
  expect((await get(`/api/event-offers/${id}`)).status).toBe('archived');
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByRole('dialog', { name: 'Delete “Opera gala”?' }).getByRole('button', { name: 'Delete' }).click();
  await page.waitForURL(/\/app\/offers$/);
  await page.getByText('“Opera gala” is deleted').waitFor();
  expect((await fetch(`${on.server.url}/api/event-offers/${id}`)).status).toBe(404);
  expect(complaints).toEqual([]);
  await page.context().close();
});

it('counts whoever reaches a score while it is moved by keys, and ranks the best with their reasons', async () => {
  const { page, complaints } = await visit(on.browser, `${on.server.url}/app/offers/42?least=40&most=10`);
  const panel = page.getByRole('region', { name: 'Whom it fits best' });
  const total = (n: number) => panel.locator(`[data-reaching="${n}"]`).waitFor();
  await total(await reaching(40));
  const rows = page.getByRole('table', { name: 'The best people' }).getByRole('row');
  await expect.poll(() => rows.count()).toBe(11);
  const best = (await get('/api/events/42/recommendations?limit=1')).customers as { score: number; reasons: { weight: number }[] }[];
  const first = (await rows.nth(1).textContent()) ?? '';
  expect(first).toContain(String(best[0]?.score));
  expect(first).toMatch(/Genre 25 · .*Price 15/);
  // The number is of what stands, without asking for it again.
  const asked: string[] = [];
  page.on('request', (request) => request.url().includes('min_score') && asked.push(request.url()));
  await panel.getByRole('slider', { name: 'Lowest score' }).focus();
  for (let press = 0; press < 5; press++) await page.keyboard.press('ArrowRight');
  const at45 = await reaching(45);
  await total(at45);
  expect(asked.every((url) => url.includes('min_score=1&'))).toBe(true);
  await page.waitForURL(/least=45/);
  await panel.getByRole('textbox', { name: 'Best people shown' }).fill('3');
  await expect.poll(() => rows.count()).toBe(Math.min(3, at45) + 1);
  await page.waitForURL(/most=3/);
  await panel.getByRole('textbox', { name: 'Lowest score' }).fill('99');
  await page.getByText('Nobody reaches this score').waitFor();
  expect(await barriers(page)).toEqual([]);
  await panel.getByText(/people had 40 or more; now it is/).waitFor();
  await panel.getByRole('button', { name: 'Note today’s number' }).click();
  await panel.getByText(/people had 99 or more; now it is 0 \(0\)/).waitFor();
  expect(complaints).toEqual([]);
  await page.context().close();
});

const size = (page: Page, n: number) => page.getByText(new RegExp(`^${told(n)} (people|person)`)).first().waitFor();

it('makes a segment of whoever reaches the score, and a list of the best', async () => {
  const { page, complaints } = await visit(on.browser, `${on.server.url}/app/offers/42?least=50&most=7`);
  await page.getByRole('button', { name: 'Make a segment' }).click();
  const dialog = page.getByRole('dialog', { name: 'Make a segment of them' });
  expect(await dialog.getByRole('textbox', { name: 'Lowest score of its people' }).inputValue()).toBe('50');
  expect((await barriers(page)).filter((one) => !one.includes('overlapped by another'))).toEqual([]);
  await shoot(page, 'offer-make');
  await dialog.getByRole('textbox', { name: 'Name of the segment' }).fill('Festival fans');
  await dialog.getByRole('button', { name: 'Make a segment' }).click();
  await page.getByRole('heading', { name: 'Festival fans', level: 1 }).waitFor();
  await size(page, await reaching(50));
  expect(page.url()).toMatch(/\/app\/segments\/\d+/);

  await page.goto(`${on.server.url}/app/offers/42?least=50&most=7`);
  await page.getByRole('button', { name: 'Make a segment' }).click();
  await dialog.getByRole('radio', { name: 'Only the best 7 who are shown now' }).check();
  await dialog.getByRole('textbox', { name: 'Name of the segment' }).fill('The first seven');
  await dialog.getByRole('button', { name: 'Make a segment' }).click();
  await page.getByRole('heading', { name: 'The first seven', level: 1 }).waitFor();
  const { items } = (await get('/api/segments?q=The%20first%20seven')) as { items: { count: number; segment_type: string }[] };
  expect(items.map((one) => [one.count, one.segment_type])).toEqual([[7, 'static']]);
  expect(complaints).toEqual([]);
  await page.context().close();
});

it('leads from a person to the offers that fit them', async () => {
  const { page, complaints } = await visit(on.browser, `${on.server.url}/app/people/${fan}`);
  const card = page.getByRole('region', { name: 'Offers that fit best' });
  await card.getByText(/Genre 25/).first().waitFor();
  await card.getByRole('link', { name: FESTIVAL.name }).click();
  await page.getByRole('heading', { name: FESTIVAL.name, level: 1 }).waitFor();
  expect(complaints).toEqual([]);
  await page.context().close();
});

it('weighs the reasons, says the sum, and goes back to the usual weights', async () => {
  const small = await start(100);
  const { page, complaints } = await visit(on.browser, `${small.url}/app/offers/scoring`);
  const settings = async () => (await (await fetch(`${small.url}/api/matching/settings`)).json()) as { max_score: number; weights: Record<string, number> };
  const usual = await settings();
  const points = page.getByRole('textbox', { name: 'Points for: Likes one of its genres' });
  await points.fill('50');
  await page.getByText('Whoever has every reason scores 125.').waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Scores follow the new weights now').waitFor();
  expect((await settings()).max_score).toBe(125);
  await page.getByRole('button', { name: 'The usual weights' }).click();
  await page.getByText('Whoever has every reason scores 100.').waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect.poll(settings).toMatchObject({ weights: usual.weights });
  expect(complaints).toEqual([]);
  await page.context().close();
  await small.stop();
});

it('shows whoever may only count no people and no buttons, and an analyst nothing personal', async () => {
  const kept = await start(500);
  await kept.post('/api/event-offers', FESTIVAL);
  await fetch(`${kept.url}/api/settings/personal-fields`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ fields: ['first_name', 'last_name', 'email'] }),
  });
  const { key: admin } = await kept.post('/api/keys', { role: 'admin', name: 'first' });
  const keyOf = async (role: string) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${String(admin)}` };
    const made = await fetch(`${kept.url}/api/keys`, { method: 'POST', headers, body: JSON.stringify({ role, name: role }) });
    return String(((await made.json()) as { key: string }).key);
  };
  const { page, complaints } = await visit(on.browser, `${kept.url}/app/offers`);
  // Before one has signed in.
  complaints.length = 0;
  await enter(page, await keyOf('viewer'));
  await page.getByRole('link', { name: FESTIVAL.name }).waitFor();
  expect(await page.getByRole('columnheader', { name: 'Fits' }).count()).toBe(0);
  expect(await page.getByRole('button', { name: 'New offer' }).count()).toBe(0);
  await page.getByRole('link', { name: FESTIVAL.name }).click();
  await page.getByText('is shown to those who may read single people').waitFor();
  await page.getByRole('region', { name: 'What it is' }).getByText('rock, metal, indie').waitFor();
  expect(await page.getByRole('button', { name: /Change|Delete|segment|Note/ }).count()).toBe(0);
  expect(await barriers(page)).toEqual([]);
  await shoot(page, 'offer-viewer');
  await page.goto(`${kept.url}/app/offers/scoring`);
  await page.getByText('Whoever has every reason scores 100.').waitFor();
  expect(await page.getByRole('button', { name: /Save|Undo|usual/ }).count()).toBe(0);
  expect(await page.getByRole('textbox', { name: /^Points for: / }).count()).toBe(0);
  expect(await barriers(page)).toEqual([]);

  await page.getByRole('button', { name: 'Sign out' }).click();
  await enter(page, await keyOf('analyst'));
  await page.goto(`${kept.url}/app/offers/42?least=5`);
  const table = page.getByRole('table', { name: 'The best people' });
  await table.getByRole('link', { name: /^c\d+$/ }).first().waitFor();
  await page.waitForLoadState('networkidle');
  expect(await table.getByText('@').count()).toBe(0);
  expect(await page.getByRole('button', { name: /Change|Delete|segment|Note/ }).count()).toBe(0);
  expect(complaints).toEqual([]);
  await page.context().close();
  await kept.stop();
});
