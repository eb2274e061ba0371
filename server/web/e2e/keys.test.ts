import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { SCHEMES, barriers, open, shoot, visit } from './browser';
import { byKey, enter } from './keyed';
import { start } from './server';

let browser: Browser;

beforeAll(async () => {
  browser = await open();
});
afterAll(() => browser?.close());

/** Makes a key on the page, and answers with its text. */
async function make(page: Page, name: string, role: string): Promise<string> {
  await page.getByRole('button', { name: 'New key' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.getByRole('radio', { name: role }).check();
  await page.getByRole('button', { name: 'Make' }).click();
  const secret = page.getByRole('textbox', { name: 'Key', exact: true });
  await secret.waitFor();
  const key = await secret.inputValue();
  await shoot(page, `key-made-${role.toLowerCase()}`);
  await page.getByRole('button', { name: 'I have kept it' }).click();
  return key;
}

it('makes keys, signs out, and offers a viewer and an analyst no more than they may', async () => {
  const server = await start(500);
  await server.post('/api/segments', { name: 'Berlin', text: 'email exists' });
  const { page, complaints, expect: refused } = await visit(browser, `${server.url}/app/settings?tab=keys`);
  [401, 403].forEach(refused);
  const admin = await make(page, 'mine', 'Admin');
  // Whoever made the first key is signed in with it.
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
  const viewer = await make(page, 'dashboard', 'Viewer');
  const analyst = await make(page, 'insights', 'Analyst');
  await page.getByRole('row', { name: /dashboard/ }).waitFor();
  await shoot(page, 'settings-keys');
  expect(await barriers(page)).toEqual([]);
  await page.getByRole('tab', { name: 'Personal fields' }).click();
  await page.getByRole('combobox', { name: 'Personal fields' }).fill('email');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Personal fields are saved').waitFor();

  await page.getByRole('button', { name: 'Sign out' }).click();
  await byKey(page);
  await page.getByLabel('Key', { exact: true }).fill('mk_000000000000_wrong');
  await page.keyboard.press('Enter');
  await page.getByText('there is no such key, or it was revoked').waitFor();

  await enter(page, viewer);
  await page.getByRole('group', { name: 'Who you are signed in as' }).getByText('Viewer').waitFor();
  const places = page.getByRole('navigation');
  expect(await places.getByRole('link', { name: 'Data' }).count()).toBe(1);
  expect(await places.getByRole('link', { name: 'People' }).count()).toBe(0);
  expect(await page.getByRole('tab', { name: 'Keys' }).count()).toBe(0);
  await places.getByRole('link', { name: 'Data' }).click();
  await page.getByRole('tab', { name: 'Fields' }).waitFor();
  expect(await page.getByRole('tab', { name: 'Import' }).count()).toBe(0);
  await page.getByRole('row', { name: /^Email Personal/ }).getByText('Hidden: personal').waitFor();
  await page.goto(`${server.url}/app/people`);
  await page.getByText('You do not have the right to read single people').waitFor();

  await page.getByRole('button', { name: 'Sign out' }).click();
  await enter(page, analyst);
  await page.goto(`${server.url}/app/people?columns=email,city`);
  await page.getByText('Hidden', { exact: true }).first().waitFor();
  expect(await page.getByText('@').count()).toBe(0);
  await page.getByRole('table').getByRole('link').first().click();
  await page.getByRole('region', { name: 'Fields' }).getByText('Hidden').first().waitFor();
  await page.getByRole('region', { name: 'Segments' }).getByText('A test of a personal field').first().waitFor();
  expect(await page.getByRole('button', { name: 'Erase' }).count()).toBe(0);
  expect(await page.getByRole('button', { name: /^Change / }).count()).toBe(0);
  await shoot(page, 'person-masked');

  await page.getByRole('button', { name: 'Sign out' }).click();
  await enter(page, admin);
  await page.goto(`${server.url}/app/settings?tab=keys`);
  await page.getByRole('button', { name: 'Revoke dashboard' }).click();
  await page.getByRole('button', { name: 'Revoke', exact: true }).click();
  await page.getByText('dashboard is revoked').waitFor();
  expect((await fetch(`${server.url}/api/me`, { headers: { authorization: `Bearer ${viewer}` } })).status).toBe(401);
  await page.getByRole('tab', { name: 'Audit' }).click();
  await page.getByRole('cell', { name: /DELETE \/api\/keys/ }).waitFor();
  expect(await barriers(page)).toEqual([]);
  await shoot(page, 'settings-audit-filled');
  expect(complaints).toEqual([]);
  await page.context().close();
  await server.stop();
});

it.each(SCHEMES)('asks for a key in %s colours, and keeps it where that is wished', async (scheme) => {
  const server = await start(0);
  const { key } = await server.post('/api/keys', { role: 'admin', name: 'first' });
  const { page } = await visit(browser, `${server.url}/app/people`, scheme);
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(await barriers(page)).toEqual([]);
  await shoot(page, `sign-in-${scheme}`);
  await byKey(page);
  expect(await barriers(page)).toEqual([]);
  await page.getByRole('checkbox', { name: 'Remember on this computer' }).check();
  await enter(page, String(key));
  // The address is still where somebody wanted to go.
  await page.getByRole('heading', { name: 'People', level: 1 }).waitFor();
  const another = await page.context().newPage();
  await another.goto(`${server.url}/app/settings`);
  await another.getByRole('button', { name: 'Sign out' }).waitFor();
  await page.context().close();
  await server.stop();
});
