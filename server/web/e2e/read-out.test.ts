// What somebody hears who does not see the page: names in order, the number once it stands, figures of pictures as tables.
import type { Locator } from 'playwright-core';
import { expect, it } from 'vitest';

import { visit } from './browser';
import { furnish } from './server';
import { stage } from './stage';

const on = stage(5_000, furnish);

/** What is read of a part, without addresses and hints. */
async function heard(part: Locator): Promise<string[]> {
  const lines = (await part.ariaSnapshot()).split('\n');
  return lines.filter((line) => !/^\s*- (\/|img$)/.test(line)).map((line) => line.replace(/:$/, ''));
}

const counted = async (text: string): Promise<number> =>
  Number((await on.server.post('/api/segments/preview', { text, sample: 0 })).count);

it('reads a rule as it is built, and says the number once', async () => {
  const { page, complaints } = await visit(on.browser, `${on.server.url}/app/segments/new`);
  const rule = page.getByRole('region', { name: 'Who is in' });
  await rule.getByRole('button', { name: 'Add a rule' }).click();
  await page.getByRole('combobox', { name: 'Field of rule 1' }).fill('total spent');
  await page.getByRole('option', { name: /^Total spent/ }).click();
  const value = page.getByRole('textbox', { name: 'Value of rule 1' });
  // Every number that comes while one types is shown; only what stands is said.
  const said: string[] = [];
  await page.exposeFunction('noted', (text: string) => void said.push(text));
  await page.evaluate(() => {
    const region = document.querySelector('section[aria-label="People"] [role=status]');
    const tell = () => (window as unknown as { noted: (text: string) => void }).noted(region?.textContent ?? '');
    if (region) new MutationObserver(tell).observe(region, { childList: true, characterData: true, subtree: true });
  });
  await value.pressSequentially('1000');
  const people = (await counted('total_spent >= 1000')).toLocaleString('en');
  await expect.poll(() => said.at(-1)).toMatch(new RegExp(`^${people} people, .+% of all$`));
  expect(said.filter((text) => text !== '').length).toBeLessThan(4);
  expect(await heard(rule.getByRole('group', { name: 'The whole rule' }))).toEqual([
    '- group "The whole rule"',
    '  - radiogroup "How The whole rule joins its rules"',
    '    - radio "All of" [checked]',
    '    - text: All of',
    '    - radio "Any of"',
    '    - text: Any of',
    '    - radio "None of"',
    '    - text: None of',
    '  - paragraph: of these hold',
    '  - group "Rule 1"',
    '    - combobox "Field of rule 1": Total spent',
    '    - combobox "Comparison of rule 1": is at least',
    '    - textbox "Value of rule 1"',
    '      - text: "1000"',
    '    - button "Show how Total spent is spread"',
    '    - \'button "Turn off: Rule 1"\'',
    '    - button "More about Rule 1"',
    '    - \'button "Remove: Rule 1"\'',
    expect.stringMatching(`^    - paragraph: ${people} match ·`),
    '  - button "Add a rule"',
    '  - button "Add a group"',
  ]);
  expect(complaints).toEqual([]);
  await page.context().close();
});

it('reads the sum of an audience as a table', async () => {
  const { page, complaints } = await visit(on.browser, `${on.server.url}/app/audiences/1`);
  const sum = page.getByRole('table', { name: 'How it comes about' });
  await sum.waitFor();
  const [vips, out] = [await counted('total_spent >= 1000'), await counted('total_spent >= 1000 and last_purchase within 30 days')];
  const told = (value: number) => value.toLocaleString('en');
  const rows = sum.getByRole('row');
  await expect
    .poll(() => rows.evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent))))
    .toEqual([
      ['Step', 'Change', 'Left'],
      ['VIP customers', told(vips), told(vips)],
      ['Recent buyers', `−${told(out)}`, told(vips - out)],
      ['Will receive it', '', told(vips - out)],
    ]);
  await page.getByRole('status').filter({ hasText: `${told(vips - out)} will receive it` }).waitFor({ state: 'attached' });
  expect(complaints).toEqual([]);
  await page.context().close();
});

it.each(['/', '/app/segments', '/app/audiences', '/app/people', '/app/segments/1?tab=people', '/app/audiences/1?tab=snapshots', '/app/data'])(
  'every table of %s has a name and heads, and headings follow each other',
  async (path) => {
    const { page } = await visit(on.browser, on.server.url + path);
    await page.getByRole('table').first().waitFor();
    const nameless = await page.getByRole('table').evaluateAll((all) =>
      all.filter((table) => !table.getAttribute('aria-label') || table.querySelector('thead th') === null).map((table) => table.outerHTML.slice(0, 200)),
    );
    expect(nameless).toEqual([]);
    const levels = await page.getByRole('heading').evaluateAll((all) => all.map((heading) => Number(heading.tagName.slice(1))));
    expect(levels.filter((level, i) => level > (levels[i - 1] ?? 0) + 1)).toEqual([]);
    await page.context().close();
  },
);

it('says which page one has come to', async () => {
  const { page } = await visit(on.browser, on.server.url);
  await page.getByRole('navigation').getByRole('link', { name: 'Segments' }).click();
  await page.locator('[aria-live=polite]', { hasText: 'Segments · Muster' }).waitFor({ state: 'attached' });
  await page.context().close();
});

it('goes on where a dialog was opened', async () => {
  const { page } = await visit(on.browser, `${on.server.url}/app/settings?tab=channels`);
  const make = page.getByRole('button', { name: 'New channel' });
  await make.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'New channel' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await expect.poll(() => make.evaluate((button) => button === document.activeElement)).toBe(true);
  await page.context().close();
});
