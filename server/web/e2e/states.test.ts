// What is chosen on a page is in its address: whoever is sent it sees the same. And whatever is in two versions is named.
import { expect, it } from 'vitest';

import { barriers, shoot, visit } from './browser';
import { type Server, furnish } from './server';
import { stage } from './stage';

let [winBack, vips] = ['', ''];
let person = { id: '', name: '' };

async function settle(server: Server): Promise<void> {
  await furnish(server);
  const { sample } = await server.post('/api/segments/preview', { text: 'first_name exists and last_name exists', sample: 1 });
  const [somebody] = sample as { id: string; fields: { first_name: string; last_name: string } }[];
  if (!somebody) throw new Error('nobody has a name');
  person = { id: String(somebody.id), name: `${somebody.fields.first_name} ${somebody.fields.last_name}` };
  const old = await server.post('/api/segments', { name: 'Of last year', text: 'purchase_count >= 3' });
  const { id: suppression } = await server.post('/api/suppressions', { name: 'Complaints' });
  const list = await fetch(`${server.url}/api/lists?name=Spring%20fair`, { method: 'POST', headers: { 'content-type': 'text/csv' }, body: `id\n${person.id}\n` });
  const { id: listed } = (await list.json()) as { id: number };
  const body = { name: 'Named', include_segments: ['VIP customers'] };
  const audience = await server.post('/api/audiences', body);
  winBack = String(audience.id);
  const later = {
    ...body,
    include_segments: [old.id],
    include_customers: [person.id],
    exclude_lists: [listed],
    ignore_suppressions: [suppression],
    ignore_reason: 'a test',
    holdout: { percent: 5, salt: 'spring' },
  };
  await change(server, `/api/audiences/${winBack}`, 'PUT', later);
  await change(server, `/api/segments/${String(old.id)}`, 'PATCH', { status: 'archived' });
  const hand = await server.post('/api/segments', { name: 'By hand', segment_type: 'static', customers: [person.id, 'nobody'] });
  vips = String(hand.id);
  await server.post(`/api/segments/${vips}/members`, { add: ['somebody else'], remove: [person.id, 'nobody'] });
}

async function change(server: Server, path: string, method: string, body: object): Promise<void> {
  const answer = await fetch(server.url + path, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
}

const on = stage(5_000, settle);

it('names what tells two versions of an audience apart: segments, archived ones too, people, lists and suppressions', async () => {
  const { page, complaints } = await visit(on.browser, `${on.server.url}/app/audiences/${winBack}?tab=versions&from=1&to=2`);
  const panel = page.getByRole('region', { name: 'From version 1 to version 2' });
  for (const line of [
    '− VIP customers',
    '+ Of last year',
    `+ ${person.name}, ${person.id}`,
    '+ Spring fair',
    'nothing → Complaints',
    'nothing → 5%, drawn by the word “spring”',
  ]) {
    await panel.getByText(line, { exact: true }).waitFor();
  }
  expect(await barriers(page)).toEqual([]);
  expect(complaints).toEqual([]);
  await shoot(page, 'audience-difference');
  await page.context().close();
});

it('says what changed in a list of people', async () => {
  const { page, complaints } = await visit(on.browser, `${on.server.url}/app/segments/${vips}?tab=versions&compare=1`);
  await page.getByText('1 ids were added to the list, 2 taken out').waitFor();
  expect(complaints).toEqual([]);
  await page.context().close();
});

it('names a person before an audience is saved with them', async () => {
  const { page } = await visit(on.browser, `${on.server.url}/app/audiences/${winBack}`);
  await page.getByRole('button', { name: `Remove ${person.name}, ${person.id}` }).click();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('dialog').getByText(`− ${person.name}, ${person.id}`).waitFor();
  await page.context().close();
});

it('opens a rule that is in the address, and the people of a search as a segment', async () => {
  const { page, complaints } = await visit(on.browser, `${on.server.url}/app/people?rule=${encodeURIComponent('total_spent >= 700')}`);
  await page.getByRole('link', { name: 'Make a segment of them' }).click();
  await page.waitForURL(/segments\/new\?rule=/);
  await expect.poll(() => page.getByRole('textbox', { name: 'Value of rule 1' }).inputValue()).toBe('700');
  await page.reload({ waitUntil: 'networkidle' });
  await expect.poll(() => page.getByRole('textbox', { name: 'Value of rule 1' }).inputValue()).toBe('700');
  expect(complaints).toEqual([]);
  await page.context().close();
});

it('takes digits in an address for a word', async () => {
  await on.server.post('/api/segments', { name: 'Plan of 2025', text: 'purchase_count >= 4', tags: ['2025'] });
  const { page, complaints } = await visit(on.browser, `${on.server.url}/app/segments?q=2025&tag=2025`);
  await page.getByText('1 segment', { exact: true }).waitFor();
  expect(await page.getByRole('textbox', { name: 'Search segments' }).inputValue()).toBe('2025');
  expect(complaints).toEqual([]);
  await page.context().close();
});

it('finds fields and entries of the audit again by the address', async () => {
  const { page, complaints } = await visit(on.browser, `${on.server.url}/app/data`);
  await page.getByRole('textbox', { name: 'Search fields' }).fill('consent');
  await page.waitForURL(/q=consent/);
  await page.reload({ waitUntil: 'networkidle' });
  expect(await page.getByRole('textbox', { name: 'Search fields' }).inputValue()).toBe('consent');
  expect(await page.getByRole('button', { name: 'total_spent' }).count()).toBe(0);
  await page.goto(`${on.server.url}/app/settings?tab=audit&from=2026-01-01&which=refused&q=profiles`);
  await expect.poll(() => page.getByLabel('From midnight, UTC').inputValue()).toBe('2026-01-01');
  expect(await page.getByRole('textbox', { name: 'Search these entries' }).inputValue()).toBe('profiles');
  await page.getByLabel('From midnight, UTC').fill('2026-02-01');
  await page.waitForURL(/from=2026-02-01/);
  // An address may say anything.
  await page.goto(`${on.server.url}/app/settings?tab=audit&from=2026-99-99`);
  await page.getByRole('button', { name: 'Save all as NDJSON' }).waitFor();
  expect(complaints).toEqual([]);
  await page.context().close();
});
