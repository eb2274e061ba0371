// Amounts are in the tenant's currency, wherever they stand.
import { expect, it } from 'vitest';

import { SCHEMES, barriers, dialogBarriers, visit } from './browser';
import { type Server, furnish } from './server';
import { stage } from './stage';

let somebody = '';

const isIn = (server: Server, currency: string) =>
  fetch(`${server.url}/api/tenants/default`, { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ currency }) });

const on = stage(2_000, async (server) => {
  await furnish(server);
  await isIn(server, 'EUR');
  await server.post('/api/event-offers', { id: 7, name: 'Festival', genres: ['rock'], price_min: 49, price_max: 129.5, starts_at: '2036-07-01T18:00:00Z' });
  const { sample } = await server.post('/api/segments/preview', { text: 'total_spent >= 1000 and total_spent < 2000', sample: 1 });
  somebody = String((sample as { id: string }[])[0]?.id);
  await server.post('/api/events', { events: [{ event_id: '1', profile_id: somebody, type: 'purchase', time: '2026-03-01T10:00:00Z', amount: 40.25 }] });
});

it.each(SCHEMES)('in lists, on pages of offers and people, in pictures, and where one types them, in %s colours', async (scheme) => {
  const { page, complaints } = await visit(on.browser, `${on.server.url}/app/offers`, scheme);
  await page.getByText('€49.00 to €129.50').waitFor();
  expect(await barriers(page)).toEqual([]);
  await page.goto(`${on.server.url}/app/offers/7`);
  await page.getByRole('region', { name: 'What it is' }).getByText('€49.00 to €129.50').waitFor();
  await page.getByRole('button', { name: 'Change' }).click();
  await page.getByLabel('Cheapest price, EUR').waitFor();
  await page.goto(`${on.server.url}/app/people/${somebody}`);
  await page.getByRole('region', { name: 'Fields' }).getByText(/^€1,\d{3}\.\d\d$/).first().waitFor();
  await page.getByRole('region', { name: 'What they did' }).getByText('€40.25').waitFor();
  await page.goto(`${on.server.url}/app/data?field=total_spent`);
  await page.getByRole('dialog').getByText(/^€[\d.,]+ to €[\d.,]+$/).waitFor();
  await page.getByRole('dialog').getByText(/^€[\d.,]+ and more$/).waitFor();
  expect(await dialogBarriers(page)).toEqual([]);
  await page.goto(`${on.server.url}/app/segments/1`);
  await page.getByRole('textbox', { name: 'Value of rule 1, EUR' }).waitFor();
  await page.getByRole('button', { name: 'Show how Total spent is spread' }).click();
  await page.getByText(/^€[\d,]+ and more$/).waitFor();
  expect(complaints).toEqual([]);
  await page.context().close();
});

it('follow a tenant to another currency', async () => {
  await isIn(on.server, 'USD');
  const { page } = await visit(on.browser, `${on.server.url}/app/offers`);
  await page.getByText('$49.00 to $129.50').waitFor();
  await page.context().close();
});
