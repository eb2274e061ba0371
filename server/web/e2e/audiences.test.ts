import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { PHONE, SCHEMES, barriers, dialogBarriers, shoot, visit } from './browser';
import { type LastingServer, lasting } from './restart';
import { stage } from './stage';
import { ENGAGED, FINAL, RECENT, SPECIAL, VIPS, importPeople, post, saveSegments } from './win-back';

const on = stage(0, async ({ url }) => {
  await importPeople(url);
  await saveSegments(url);
});

/** Waits until the total that stands on the page is that of what stands on the page, and is this. */
const total = (page: Page, count: number) => page.locator(`[data-total="${count}"]`).waitFor();
const sum = async (page: Page, key: string) => Number((await page.locator(`[data-sum=${key}]`).textContent())?.replaceAll(',', ''));

async function addSegment(page: Page, side: string, name: string): Promise<void> {
  await page.getByRole('combobox', { name: `Add a segment or list to ${side}` }).fill(name);
  await page.getByRole('option', { name }).click();
}

async function addIds(page: Page, side: string, ids: string): Promise<void> {
  const box = page.getByRole('textbox', { name: `Add people to ${side}` });
  await box.fill(ids);
  await page.getByRole('option', { name: /^Add (the id|\d+ ids)/ }).waitFor();
  await box.press('Enter');
}

const part = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

/** Saves a small audience and tells its address. */
async function audience(name: string, more: object = {}): Promise<{ id: number; url: string }> {
  const body = { name, include_segments: ['VIP Customers'], exclude_segments: ['Engaged Users'], ...more };
  const { id } = await post(on.server.url, '/api/audiences', body);
  return { id: Number(id), url: `${on.server.url}/app/audiences/${String(id)}` };
}

it('builds “Win-back VIP Campaign” from an empty database to a snapshot and a file', async () => {
  const { page, complaints } = await visit(on.browser, `${on.server.url}/app/audiences`);
  await page.getByText('No audiences yet').waitFor();
  expect(await barriers(page)).toEqual([]);
  await page.getByRole('link', { name: 'New audience' }).first().click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Win-back VIP Campaign');
  await total(page, 0);

  await addSegment(page, 'Include', 'VIP Customers');
  await total(page, VIPS - 7);
  await addSegment(page, 'Include', 'Recent Buyers');
  await total(page, VIPS + RECENT - 7);
  await addSegment(page, 'Exclude', 'Engaged Users');
  await addIds(page, 'Exclude', '123, 456');
  await total(page, FINAL);

  await page.getByRole('button', { name: 'Upload a CSV to Include' }).click();
  const file = { name: 'Special VIP List.csv', mimeType: 'text/csv', buffer: Buffer.from(SPECIAL) };
  await page.getByLabel('Choose a CSV file').setInputFiles(file);
  await page.getByRole('combobox', { name: 'Column that holds the ids' }).click();
  await page.getByRole('option', { name: 'Customer Nr' }).click();
  expect(await dialogBarriers(page)).toEqual([]);
  await page.getByRole('button', { name: 'Upload', exact: true }).click();
  const report = page.getByRole('table', { name: 'What became of the rows' });
  await report.waitFor();
  const row = async (name: string) => report.getByRole('row', { name }).getByRole('cell').textContent();
  expect(await row('Rows with an id')).toBe('12');
  expect(await row('Repeat an earlier row')).toBe('1');
  expect(await row('People found')).toBe('10');
  expect(await row('Nobody has this id')).toBe('1');
  expect(await row('Without an id')).toBe('1');
  expect(await dialogBarriers(page)).toEqual([]);
  await shoot(page, 'audience-upload');
  const unmatched = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download the rows nobody was found for' }).click();
  expect(readFileSync(await (await unmatched).path(), 'utf8')).toBe('line,name,Customer Nr\r\n13,who,nobody\r\n');
  await page.getByRole('button', { name: 'Done' }).click();

  await total(page, FINAL);
  expect(FINAL).toBe(1_247);
  await page.locator('[data-sum=gross]').getByText((VIPS + RECENT + 10).toLocaleString('en')).waitFor();
  expect(await sum(page, 'duplicates')).toBe(10);
  expect(await sum(page, 'excluded')).toBe(ENGAGED + 2);
  expect(await sum(page, 'gates')).toBe(7);
  const steps = part(page, 'How it comes about');
  await steps.getByRole('button', { name: 'Show as a table' }).click();
  await steps.getByRole('row', { name: 'Engaged Users −90 1,256' }).waitFor();
  await steps.getByRole('row', { name: 'Will receive it 1,247' }).waitFor();

  await page.getByRole('button', { name: 'Save draft' }).click();
  await page.getByRole('heading', { name: 'Win-back VIP Campaign', level: 1 }).waitFor();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('button', { name: 'Save version 2' }).click();
  await page.getByRole('button', { name: 'Take a snapshot' }).click();
  await page.getByRole('button', { name: 'Freeze them' }).click();
  await page.waitForURL(/tab=snapshots/);
  const snapshot = page.getByRole('row', { name: /1,247/ });
  await snapshot.waitFor();
  expect(await snapshot.textContent()).toMatch(/[0-9a-f]{12}…/);

  await snapshot.getByRole('button', { name: /^Export snapshot/ }).click();
  const fields = page.getByRole('combobox', { name: 'Fields' });
  await fields.click();
  await page.getByRole('option', { name: 'email' }).click();
  await fields.press('Escape');
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download' }).click()]);
  const lines = readFileSync(await download.path(), 'utf8').trim().split(/\r?\n/);
  expect(download.suggestedFilename()).toMatch(/^snapshot-\d+\.csv$/);
  expect(lines[0]).toBe('id,email');
  expect(lines).toHaveLength(1 + FINAL);
  expect(lines.some((line) => line.startsWith('123,'))).toBe(false);

  await page.getByRole('tab', { name: 'Taken out' }).click();
  await page.getByText('99 taken out').waitFor();
  const [taken] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download all as CSV' }).click()]);
  expect(readFileSync(await taken.path(), 'utf8').trim().split(/\r?\n/)).toHaveLength(1 + 99);
  expect(complaints).toEqual([]);
  await page.context().close();
});

describe.each(SCHEMES)('in %s colours', (scheme) => {
  it.each([
    ['list', '', 'Win-back VIP Campaign'],
    ['new', '/new', 'Nobody yet'],
    ['who', '/1', 'Win-back VIP Campaign'],
    ['excluded', '/1?tab=excluded', 'Engaged Users'],
    ['snapshots', '/1?tab=snapshots', '1,247'],
    ['versions', '/1?tab=versions&from=1&to=2', 'From version 1 to version 2'],
  ])('%s can be read by everybody and complains of nothing', async (name, path, text) => {
    const { page, complaints } = await visit(on.browser, `${on.server.url}/app/audiences${path}`, scheme);
    await page.getByText(text).first().waitFor();
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await shoot(page, `audience-${name}-${scheme}`);
    await page.context().close();
  });
});

it('adds those of a file whom nobody has, after saying what that does', async () => {
  const { url } = await audience('With new people', { exclude_segments: [] });
  const { page, complaints } = await visit(on.browser, url);
  const upload = async (name: string, rows: string[]) => {
    await page.getByRole('button', { name: 'Upload a CSV to Include' }).click();
    await page.getByLabel('Choose a CSV file').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(rows.join('\n')) });
    await page.getByRole('button', { name: 'Upload', exact: true }).click();
    await page.getByRole('table', { name: 'What became of the rows' }).waitFor();
  };
  const row = (name: string) => page.getByRole('row', { name }).getByRole('cell').textContent();
  await total(page, VIPS - 7);
  await upload('Fair.csv', ['id,First_Name,shoe', '300,x,1', '9001,Grace,2', '9002,Edsger,3', '9001,Again,4']);
  expect(await row('Nobody has this id')).toBe('2');
  await page.getByRole('button', { name: 'Add 2 people …' }).click();
  const add = page.getByRole('region', { name: 'Add those whom nobody has yet' });
  await add.getByText('2 new people are made, with their id and nothing else.').waitFor();
  // What was said is tried out; nobody is there yet.
  expect((await fetch(`${on.server.url}/api/profiles/9001`)).status).toBe(404);
  await add.getByRole('checkbox', { name: 'With the columns that are fields here: first_name' }).check();
  await add.getByText('2 new people are made, with their id and first_name.').waitFor();
  expect(await dialogBarriers(page)).toEqual([]);
  await shoot(page, 'audience-upload-add');
  await add.getByRole('button', { name: 'Add 2 people', exact: true }).click();
  await page.getByText('3 found and added; 2 people are new').waitFor();
  expect([await row('People found'), await row('Nobody has this id'), await row('Repeat an earlier row')]).toEqual(['3', '0', '1']);
  expect(await page.getByRole('button', { name: /^Add 2 people/ }).count()).toBe(0);
  const { fields } = (await (await fetch(`${on.server.url}/api/profiles/9001`)).json()) as { fields: Record<string, unknown> };
  expect(fields.first_name).toBe('Grace');
  expect('shoe' in fields).toBe(false);
  await page.getByRole('button', { name: 'Done' }).click();
  await total(page, VIPS - 7 + 2);

  // With their id alone; and whoever is there by then stays as they are.
  await upload('More.csv', ['id', '9001', '9003']);
  await page.getByRole('button', { name: 'Add 1 person …' }).click();
  await add.getByRole('button', { name: 'Add 1 person', exact: true }).click();
  await page.getByText('2 found and added; 1 person is new').waitFor();
  await page.getByRole('button', { name: 'Done' }).click();
  await total(page, VIPS - 7 + 3);
  // They leave again, so that the other tests find whom they expect.
  for (const id of ['9001', '9002', '9003']) expect((await fetch(`${on.server.url}/api/profiles/${id}`, { method: 'DELETE' })).ok).toBe(true);
  expect(complaints).toEqual([]);
  await page.context().close();
});

it('says who was taken out by hand by their names', async () => {
  const { url } = await audience('By hand', { exclude_segments: [], exclude_customers: ['123'] });
  const { page, complaints } = await visit(on.browser, url);
  await part(page, 'Exclude').getByText(/^(John|Jane|Ada|Alan) /).waitFor();
  await page.getByRole('tab', { name: 'Taken out' }).click();
  const row = page.getByRole('row', { name: /123/ });
  await expect.poll(() => row.getByRole('link').textContent()).toMatch(/^(John|Jane|Ada|Alan) (Smith|Doe|Lovelace|Turing)$/);
  expect(await barriers(page)).toEqual([]);
  expect(complaints).toEqual([]);
  await page.context().close();
});

it('shows whom several segments share, and keeps them out', async () => {
  const { url } = await audience('Overlapping', { exclude_segments: [], include_segments: ['VIP Customers', 'Engaged Users'] });
  const { page, complaints } = await visit(on.browser, url);
  await part(page, 'Who is in several at once').getByRole('button', { name: `VIP Customers and Engaged Users: ${ENGAGED}` }).click();
  await page.getByText(`${ENGAGED} people`).waitFor();
  await page.getByRole('textbox', { name: 'Name of the segment' }).fill('Engaged VIPs');
  await page.getByRole('button', { name: 'Keep these people out' }).click();
  await total(page, VIPS - ENGAGED - 7);
  expect(complaints).toEqual([]);
  await page.context().close();
});

it('holds lists and named snapshots against segments', async () => {
  const upload = await fetch(`${on.server.url}/api/lists?name=Spring%20fair`, { method: 'POST', headers: { 'content-type': 'text/csv' }, body: 'id\n1\n2\n1500\n' });
  const { id: list } = (await upload.json()) as { id: number };
  const { id, url } = await audience('With a list', { exclude_segments: [], include_segments: ['VIP Customers'], include_lists: [list] });
  const taken = await post(on.server.url, `/api/audiences/${String(id)}/snapshots`, {});
  const { page, complaints } = await visit(on.browser, url);
  const panel = part(page, 'Who is in several at once');
  await panel.getByRole('button', { name: 'VIP Customers and Spring fair: 2', exact: true }).waitFor();
  await panel.getByRole('combobox', { name: 'Compare with snapshots' }).click();
  await page.getByRole('option', { name: /^With a list, / }).first().click();
  await page.keyboard.press('Escape');
  // Everybody who was frozen is in the segment or on the list; the suppressed are in the segment alone.
  const frozen = panel.getByRole('button', { name: /^VIP Customers and With a list, / });
  await frozen.first().waitFor();
  expect(await frozen.first().getAttribute('aria-label')).toMatch(new RegExp(`: ${Number(taken.count) - 3}$`));
  expect(await barriers(page)).toEqual([]);
  await shoot(page, 'audience-overlap');
  await frozen.first().click();
  await page.getByText('Lists and snapshots are no part of a rule').waitFor();
  expect(await page.getByRole('button', { name: 'Keep these people out' }).count()).toBe(0);
  expect(complaints).toEqual([]);
  await page.context().close();
});

it('never shows the total of an earlier question, and gives the question up', async () => {
  const { page } = await visit(on.browser, `${on.server.url}/app/audiences/new`);
  await total(page, 0);
  const wrong: string[] = [];
  const given: string[] = [];
  page.on('requestfailed', (request) => given.push(request.postData() ?? ''));
  await page.route('**/api/audiences/preview', async (route) => {
    // The first question is the slow one: were its answer shown, it would come last.
    const isFirst = !route.request().postData()?.includes('"exclude_customers":["5"');
    if (isFirst) await new Promise((resolve) => setTimeout(resolve, 1_500));
    await route.continue().catch(() => {});
  });
  await addSegment(page, 'Include', 'VIP Customers');
  await page.waitForRequest((request) => request.url().endsWith('/api/audiences/preview'));
  await addIds(page, 'Exclude', '5');
  await total(page, VIPS - 7 - 1);
  const watch = Date.now() + 2_500;
  while (Date.now() < watch) {
    const shown = await page.locator('[data-total]').getAttribute('data-total');
    if (shown !== String(VIPS - 7 - 1)) wrong.push(shown ?? 'nothing');
  }
  expect(wrong).toEqual([]);
  expect(given.length).toBeGreaterThan(0);
  await page.context().close();
});

it('counts what is held back, who may be reached, and suppressions that are set aside for a reason', async () => {
  const { page, complaints } = await visit(on.browser, `${on.server.url}/app/audiences/new`);
  const definition = { include_segments: ['VIP Customers'], holdout: { percent: 5, salt: 'holdout' } };
  const counted = async (more: object) => Number((await post(on.server.url, '/api/audiences/preview', { ...definition, ...more })).count);
  await addSegment(page, 'Include', 'VIP Customers');
  await total(page, VIPS - 7);
  await page.getByRole('switch', { name: 'Hold some back to compare with' }).check({ force: true });
  await total(page, await counted({}));
  await page.getByRole('button', { name: 'New channel' }).click();
  await page.getByRole('textbox', { name: 'Channel' }).fill('email');
  await page.getByRole('textbox', { name: 'Who has consented' }).fill('engaged = true');
  await page.getByRole('textbox', { name: 'At most so many contacts' }).fill('3');
  await page.getByRole('textbox', { name: 'in so many days' }).fill('7');
  expect(await dialogBarriers(page)).toEqual([]);
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByText('Consented: engaged = true. At most 3 contacts in 7 days.').waitFor();
  await total(page, await counted({ channel: 'email' }));
  await page.getByRole('switch', { name: 'Contacted in last 7 days holds here' }).uncheck({ force: true });
  await page.getByText('Counted as if they held until there is a reason').waitFor();
  await page.getByRole('textbox', { name: 'Why they are not to hold here' }).fill('a recall');
  await total(page, await counted({ channel: 'email', ignore_suppressions: [1], ignore_reason: 'a recall' }));
  await page.getByText('Everybody', { exact: true }).click();
  const everybody = { include_segments: undefined, channel: 'email', ignore_suppressions: [1], ignore_reason: 'a recall' };
  await total(page, await counted(everybody));
  expect(complaints).toEqual([]);
  await page.context().close();
});

it('tells two snapshots apart, and exports in every format', async () => {
  const { id, url } = await audience('Frozen twice');
  const first = await post(on.server.url, `/api/audiences/${id}/snapshots`, {});
  const patch = { method: 'PATCH', headers: { 'content-type': 'application/json' } };
  await fetch(`${on.server.url}/api/audiences/${id}`, { ...patch, body: JSON.stringify({ exclude_customers: ['300', '301'] }) });
  const second = await post(on.server.url, `/api/audiences/${id}/snapshots`, {});
  const { page, complaints } = await visit(on.browser, `${url}?tab=snapshots&from=${String(first.id)}&to=${String(second.id)}`);
  const difference = part(page, `From snapshot ${String(first.id)} to snapshot ${String(second.id)}`);
  await difference.getByText('Went').first().waitFor();
  expect(await difference.textContent()).toMatch(/Came0.*Went2.*Stayed791/);
  expect(await barriers(page)).toEqual([]);
  const begins: [string, string][] = [
    ['NDJSON', '{"id"'],
    ['Parquet', 'PAR1'],
  ];
  for (const [format, start] of begins) {
    await page.getByRole('button', { name: `Export snapshot ${String(second.id)}` }).click();
    await page.getByText(format, { exact: true }).click();
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download' }).click()]);
    expect(readFileSync(await file.path()).subarray(0, start.length).toString()).toBe(start);
  }
  await page.getByRole('button', { name: `Verify snapshot ${String(second.id)}` }).click();
  await page.getByText('the frozen definition').or(page.getByText('same members')).first().waitFor();
  expect(complaints).toEqual([]);
  await page.context().close();
});

it('says what is wrong with a file', async () => {
  const { page, expect: expected } = await visit(on.browser, `${on.server.url}/app/audiences/new`);
  expected(422);
  await page.getByRole('button', { name: 'Upload a CSV to Exclude' }).click();
  const broken = { name: 'broken.csv', mimeType: 'text/csv', buffer: Buffer.from('id,name\n1,"never closed\n') };
  await page.getByLabel('Choose a CSV file').setInputFiles(broken);
  await page.getByRole('button', { name: 'Upload', exact: true }).click();
  await page.getByText('close it with a quote').waitFor();
  await page.context().close();
});

it('lets one audience go before another, and counts that', async () => {
  const ahead = await audience('Goes first', { include_segments: ['Recent Buyers'] });
  const { page, complaints } = await visit(on.browser, ahead.url);
  await page.getByRole('combobox', { name: 'Put it into a group' }).fill('Spring');
  await page.getByRole('button', { name: 'New group “Spring”' }).click();
  await page.getByText('goes 1 of 1').waitFor();
  const behind = await audience('Goes second', { include_segments: ['Recent Buyers', 'Engaged Users'], exclude_segments: [] });
  await page.goto(behind.url);
  await total(page, RECENT + ENGAGED);
  await page.getByRole('combobox', { name: 'Put it into a group' }).fill('Spring');
  await page.getByRole('button', { name: 'Put it into a group' }).click();
  await page.getByText('goes 2 of 2').waitFor();
  await total(page, ENGAGED);
  await page.getByRole('button', { name: 'Let Goes second go earlier' }).click();
  await total(page, RECENT + ENGAGED);
  await page.getByRole('button', { name: 'Take this audience out of Spring' }).click();
  await page.getByText('It is in no group').waitFor();
  expect(await barriers(page)).toEqual([]);
  expect(complaints).toEqual([]);
  await page.context().close();
});

it('finds audiences, archives one in the list, and brings it back', async () => {
  await audience('Needle in the stack', { tags: ['autumn'] });
  const { page, complaints } = await visit(on.browser, `${on.server.url}/app/audiences?tag=autumn`);
  await page.getByText('1 audience', { exact: true }).waitFor();
  await page.getByRole('textbox', { name: 'Search audiences' }).fill('needle');
  await page.waitForURL(/q=needle/);
  await page.getByRole('button', { name: 'Archive Needle in the stack' }).click();
  await page.getByText('No audience fits').waitFor();
  await page.goto(`${on.server.url}/app/audiences?status=archived`, { waitUntil: 'networkidle' });
  await page.getByRole('button', { name: 'Bring back Needle in the stack' }).click();
  await page.getByText('No audience fits').waitFor();
  expect(complaints).toEqual([]);
  await page.context().close();
});

it('is built by keys alone', async () => {
  const { page, complaints } = await visit(on.browser, `${on.server.url}/app/audiences`);
  const focused = () =>
    page.evaluate(() => {
      const at = document.activeElement;
      const labels = (at as HTMLInputElement | null)?.labels;
      return at?.getAttribute('aria-label') ?? labels?.[0]?.textContent ?? at?.textContent ?? '';
    });
  const tabTo = async (name: RegExp) => {
    for (let i = 0; i < 80; i++) {
      await page.keyboard.press('Tab');
      if (name.test(await focused())) return;
    }
    throw new Error(`no ${name} by Tab`);
  };
  await tabTo(/^New audience/);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'New audience' }).waitFor();
  await tabTo(/^Name/);
  await page.keyboard.type('Made by keys');
  await tabTo(/^Add a segment or list to Include/);
  await page.keyboard.type('Recent');
  await page.getByRole('option', { name: 'Recent Buyers' }).waitFor();
  await page.keyboard.press('Enter');
  await total(page, RECENT);
  await tabTo(/^Add people to Exclude/);
  await page.keyboard.type('900');
  await page.getByRole('option').first().waitFor();
  await page.keyboard.press('Enter');
  await total(page, RECENT - 1);
  await tabTo(/^Remove .+, 900$/);
  await page.keyboard.press('Space');
  await total(page, RECENT);
  await page.locator('#content').focus();
  await tabTo(/^Save$/);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Made by keys', level: 1 }).waitFor();
  expect(complaints).toEqual([]);
  await page.context().close();
});

it('never overwrites unseen what somebody else saved', async () => {
  const { id, url } = await audience('Two people at once');
  const { page, expect: expected, complaints } = await visit(on.browser, url);
  expected(412);
  await addIds(page, 'Exclude', '500');
  await total(page, VIPS - ENGAGED - 7 - 1);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const patch = { method: 'PATCH', headers: { 'content-type': 'application/json' } };
  await fetch(`${on.server.url}/api/audiences/${id}`, { ...patch, body: JSON.stringify({ description: 'theirs', changed_by: 'Nora' }) });
  await page.getByRole('button', { name: 'Save version 2' }).click();
  await page.getByText('somebody saved it meanwhile').waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('Nora saved version 2').waitFor();
  expect(await barriers(page)).toEqual([]);
  await page.getByRole('button', { name: 'Put mine on top' }).click();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('button', { name: 'Save version 3' }).click();
  await page.getByText('saved as version 3').waitFor();
  expect(complaints).toEqual([]);
  await page.context().close();
});

it('goes back to an earlier version, archives, and deletes', async () => {
  const { url } = await audience('Short-lived');
  const { page, complaints } = await visit(on.browser, url);
  await addIds(page, 'Exclude', '500');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('button', { name: 'Save version 2' }).click();
  await page.getByRole('tab', { name: 'Versions' }).click();
  await page.getByRole('checkbox', { name: 'Compare version 1' }).check();
  await page.getByRole('checkbox', { name: 'Compare version 2' }).check();
  await page.getByText(/^\+ .+, 500$/).waitFor();
  await page.getByRole('button', { name: 'Restore version 1' }).click();
  await page.getByText('as version 3').waitFor();
  await page.getByRole('button', { name: 'More to do with this audience' }).click();
  await page.getByRole('menuitem', { name: 'Archive' }).click();
  await page.getByText('is archived').waitFor();
  await page.getByRole('button', { name: 'More to do with this audience' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.waitForURL(/audiences$/);
  expect(await page.getByRole('link', { name: 'Short-lived' }).count()).toBe(0);
  expect(complaints).toEqual([]);
  await page.context().close();
});

it('fits a phone', async () => {
  const { page, complaints } = await visit(on.browser, `${on.server.url}/app/audiences/1`, 'light', PHONE);
  await total(page, FINAL);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
  expect(await barriers(page)).toEqual([]);
  await shoot(page, 'audience-phone');
  expect(complaints).toEqual([]);
  await page.context().close();
});

describe('while the server is started again', () => {
  let kept: LastingServer;
  beforeAll(async () => {
    kept = await lasting();
    await importPeople(kept.url);
    await saveSegments(kept.url);
  });
  afterAll(() => kept?.end());

  it('nothing that was typed is lost', async () => {
    const { page } = await visit(on.browser, `${kept.url}/app/audiences/new`);
    await page.getByRole('textbox', { name: 'Name' }).fill('In mid-edit');
    await addSegment(page, 'Include', 'VIP Customers');
    await total(page, VIPS - 7);
    await kept.stop();
    await addIds(page, 'Exclude', '123');
    await page.getByText('The server cannot be reached').first().waitFor({ timeout: 20_000 });
    // The last figure stands, and says that it is the last.
    expect(await page.getByText((VIPS - 7).toLocaleString('en'), { exact: true }).first().isVisible()).toBe(true);
    await kept.start();
    await total(page, VIPS - 7 - 1);
    await page.reload();
    await total(page, VIPS - 7 - 1);
    expect(await page.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('In mid-edit');
    await page.getByText('What you typed last time is still here.').waitFor();
    await page.context().close();
  });
});
