// The audit begins with what was changed last, and goes on with what was before it when somebody asks for that.
import { expect, it } from 'vitest';

import { PHONE, barriers, shoot, visit } from './browser';
import { stage } from './stage';

/** More than a page of the audit has. */
const CHANGES = 60;

let key = '';

const on = stage(0, async (server) => {
  key = String((await server.post('/api/keys', { role: 'admin', name: 'Night' })).key);
  // One after the other. There are no such segments: what was refused is in the audit as well, and says which it was.
  for (let id = 1; id <= CHANGES; id++) {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
    await fetch(`${server.url}/api/segments/${id}`, { method: 'PATCH', headers, body: '{"owner": "Ada"}' });
  }
});

it('shows what was changed last at the top, and what was before when asked for it', async () => {
  const { page, complaints } = await visit(on.browser, on.server.url);
  // Nobody was signed in yet.
  complaints.splice(0);
  await page.evaluate((kept) => sessionStorage.setItem('muster.key', kept), key);
  await page.goto(`${on.server.url}/app/settings?tab=audit`);
  const rows = page.getByRole('table', { name: 'Audit' }).getByRole('row');
  await rows.nth(1).waitFor();
  const told = async () => (await rows.allInnerTexts()).flatMap((text) => /PATCH \/api\/segments\/(\d+)/.exec(text)?.[1] ?? []).map(Number);
  const all = Array.from({ length: CHANGES }, (_, before) => CHANGES - before);
  expect(await told()).toEqual(all.slice(0, 50));
  expect(await barriers(page)).toEqual([]);
  await shoot(page, 'audit-newest');
  await page.getByRole('button', { name: 'Show older' }).click();
  await expect.poll(told).toEqual(all);
  await page.getByRole('button', { name: 'Show older' }).waitFor({ state: 'detached' });
  await page.setViewportSize(PHONE);
  await shoot(page, 'audit-newest-phone');
  expect(complaints).toEqual([]);
  await page.context().close();
});
