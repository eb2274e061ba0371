// Numbers of a rule that a browser cannot hold: whatever else is changed, they are saved digit for digit.
import { expect, it } from 'vitest';

import { barriers, visit } from './browser';
import { stage } from './stage';

const on = stage(0, async ({ url }) => {
  const rows = '{"id":"1","visits":9007199254740993,"share":0.25,"spent":17.10}\n{"id":"2","visits":9007199254740992,"share":0.05,"spent":17.11}';
  const headers = { 'content-type': 'application/x-ndjson' };
  await fetch(`${url}/api/profiles/import?id_field=id&schema=infer`, { method: 'POST', headers, body: rows });
});

it('keeps what another rule asks for when one is edited', async () => {
  const exact =
    '{"field":"visits","operator":"in","value":[9007199254740993,5]},{"field":"share","operator":">=","value":0.1000000000000000001},' +
    '{"field":"spent","operator":"<=","value":17.10}';
  const rule = (last: string) => `{"match":"all","rules":[${exact},{"field":"id","operator":"is","value":"${last}"}]}`;
  const headers = { 'content-type': 'application/json' };
  const body = `{"name":"Exact","criteria":${rule('1')}}`;
  const made = await fetch(`${on.server.url}/api/segments`, { method: 'POST', headers, body });
  const { id } = (await made.json()) as { id: number };
  const saved = async () => (await fetch(`${on.server.url}/api/segments/${id}`)).text();
  const before = await saved();
  expect(before).toContain(rule('1'));
  const { page, complaints, expect: mayBe } = await visit(on.browser, `${on.server.url}/app/segments/${id}`);
  mayBe(409);
  expect(await page.getByRole('textbox', { name: 'Value of rule 2' }).inputValue()).toBe('0.1000000000000000001');
  expect(await page.getByRole('textbox', { name: 'Value of rule 3' }).inputValue()).toBe('17.10');
  await page.getByText('9007199254740993', { exact: true }).waitFor();
  await page.locator('[data-total="1"][data-asked]').waitFor();
  await page.getByRole('textbox', { name: 'Value of rule 4' }).or(page.getByRole('combobox', { name: 'Value of rule 4' })).first().fill('2');
  await page.locator('[data-total="0"][data-asked]').waitFor();
  expect(await barriers(page)).toEqual([]);
  await page.getByRole('button', { name: 'Review and save' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('“Exact” is saved').or(dialog.getByText('This moves many people')).first().waitFor();
  const again = dialog.getByRole('button', { name: 'Save it all the same' });
  if (await again.isVisible()) await again.click();
  await page.getByText('“Exact” is saved').waitFor();
  expect(await saved()).toContain(rule('2'));
  expect(complaints).toEqual([]);
  await page.context().close();
});
