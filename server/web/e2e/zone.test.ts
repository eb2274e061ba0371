// Times where the tenant is: in a zone that is half an hour off, and for whom days begin at another hour than in UTC.
import { expect, it } from 'vitest';

import { barriers, shoot, visit } from './browser';
import { type Server, furnish } from './server';
import { stage } from './stage';

const ZONE = 'Asia/Kolkata';
const BOUGHT = '2026-03-31T20:15:00Z';

let somebody: string;

async function settle(server: Server): Promise<void> {
  await furnish(server);
  const answer = await fetch(`${server.url}/api/tenants/default`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ time_zone: ZONE }),
  });
  expect(answer.status).toBe(200);
  const { sample } = await server.post('/api/segments/preview', { text: 'email exists', sample: 1 });
  somebody = String((sample as { id: string }[])[0]?.id);
  await server.post('/api/events', { events: [{ event_id: 'a', profile_id: somebody, type: 'purchase', time: BOUGHT, amount: 5 }] });
}

const on = stage(2_000, settle);

const clock = (at: string | Date, zone = ZONE) => new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(new Date(at));

it('shows times in the zone of the tenant, and says which that is', async () => {
  const { page, complaints } = await visit(on.browser, on.server.url);
  await page.getByRole('navigation').getByText('All times are Kolkata time').waitFor();
  const about = await page.getByText(/^Exact, as of/).textContent();
  const [, hour] = /as of (\d\d):\d\d:\d\d Kolkata time/.exec(about ?? '') ?? [];
  const here = [0, 60_000].map((ago) => clock(new Date(Date.now() - ago)).slice(0, 2));
  expect(here).toContain(hour);
  // What moved is counted from an hour of UTC on: the last one before midnight there.
  await page.getByText('since 23:30, Kolkata time').waitFor();
  await shoot(page, 'home-zone');
  await page.goto(`${on.server.url}/app/people/${somebody}`);
  const did = page.getByRole('region', { name: 'What they did' });
  await did.getByText('1 event, times in Kolkata time').waitFor();
  await did.getByText('1 Apr 2026, 01:45').waitFor();
  await page.goto(`${on.server.url}/app/audiences/1?tab=snapshots`);
  const { items } = (await (await fetch(`${on.server.url}/api/snapshots`)).json()) as { items: { created_at: string }[] };
  await page.getByRole('row').getByText(clock(items[0]?.created_at ?? '')).first().waitFor();
  expect(complaints).toEqual([]);
  await page.context().close();
});

it('takes a moment that is typed for one of the zone, and says where it is not', async () => {
  const { page, complaints } = await visit(on.browser, `${on.server.url}/app/offers`);
  await page.getByRole('button', { name: 'New offer' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Late show');
  await dialog.getByLabel('Begins (Kolkata time)').fill('2036-03-04T20:30');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: 'Late show', level: 1 }).waitFor();
  const { items } = (await (await fetch(`${on.server.url}/api/event-offers`)).json()) as { items: { starts_at: string }[] };
  expect(items.map((one) => one.starts_at)).toEqual(['2036-03-04T15:00:00Z']);
  // Moments in rules are in UTC wherever one is, and a day of the calendar is the same everywhere.
  await page.goto(`${on.server.url}/app/segments/new`);
  await page.getByRole('textbox', { name: 'The rule as text' }).fill('last_purchase >= 2026-03-01T10:00:00Z');
  await page.getByLabel('Value of rule 1, UTC').waitFor();
  expect(await page.getByLabel('Value of rule 1, UTC').inputValue()).toBe('2026-03-01T10:00');
  await page.getByRole('group', { name: 'Rule 1' }).getByText('UTC', { exact: true }).waitFor();
  expect(await barriers(page)).toEqual([]);
  expect(complaints).toEqual([]);
  await page.context().close();
});

it('follows a tenant that is moved to another zone', async () => {
  const { page, complaints, expect: refused } = await visit(on.browser, `${on.server.url}/app/settings?tab=tenants`);
  refused(422);
  await page.getByRole('row', { name: /default.*Asia\/Kolkata/ }).getByRole('button', { name: 'Change default' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Time zone').fill('Europe/Berlim');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByRole('alert').getByText(/Europe\/Berlin/).first().waitFor();
  await dialog.getByLabel('Time zone').fill('Europe/Berlin');
  await dialog.getByRole('textbox', { name: 'Currency' }).fill('eur');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('row', { name: /default.*Europe\/Berlin, EUR/ }).waitFor();
  await page.getByRole('navigation').getByText('All times are Berlin time').waitFor();
  expect(complaints).toEqual([]);
  await page.context().close();
});
