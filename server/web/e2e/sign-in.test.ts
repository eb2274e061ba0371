// People who sign in, by name and password or elsewhere: the first admin, whom they invite, what both may, and how it ends.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { PHONE, SCHEMES, barriers, open, shoot, visit } from './browser';
import { CLIENT, freePort, startIssuer } from './issuer';
import { start } from './server';

const PASSWORD = 'correct horse battery';
const OTHER = 'staple of another horse';

let browser: Browser;

beforeAll(async () => {
  browser = await open();
});
afterAll(() => browser?.close());

async function choose(page: Page, password: string): Promise<void> {
  await page.getByRole('heading', { name: 'Welcome' }).waitFor();
  await page.getByLabel('New password').fill(password);
  await page.getByLabel('The same once more').fill(password);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
}

async function signIn(page: Page, name: string, password: string): Promise<void> {
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.keyboard.press('Enter');
}

/** Does one of the things there are to do with an account. */
async function act(page: Page, name: string, what: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${name}` }).click();
  await page.getByRole('menuitem', { name: what }).click();
}

it('makes the first admin, who invites, gives roles, signs others out and keeps them out', async () => {
  const server = await start(200);
  const { page, complaints, expect: refused } = await visit(browser, `${server.url}/app/settings`);
  [401, 403, 404, 422].forEach(refused);
  await page.getByRole('button', { name: 'Invite somebody' }).click();
  await page.getByRole('textbox', { name: 'Name to sign in with' }).fill('Ada@example.com');
  await page.getByRole('button', { name: 'Make it and choose a password' }).click();
  await page.getByRole('heading', { name: 'Welcome' }).waitFor();
  // Nothing is sent that cannot be a password.
  await page.getByLabel('New password').fill('short');
  await page.keyboard.press('Enter');
  await page.getByText('A password has at least 12 characters.').waitFor();
  expect(await barriers(page)).toEqual([]);
  await shoot(page, 'invitation');
  await choose(page, PASSWORD);
  const account = page.getByRole('group', { name: 'Who you are signed in as' });
  await account.getByText('ada@example.com').waitFor();
  await account.getByText('Admin of default').waitFor();

  await page.goto(`${server.url}/app/settings`);
  await page.getByRole('button', { name: 'Invite somebody' }).click();
  await page.getByRole('textbox', { name: 'Name to sign in with' }).fill('bob');
  await page.getByRole('radio', { name: 'Viewer' }).check();
  await page.getByRole('dialog').getByRole('button', { name: 'Invite somebody' }).click();
  const link = await page.getByRole('textbox', { name: 'Link' }).inputValue();
  expect(link).toContain(`${server.url}/app/invitation#`);
  await page.getByRole('button', { name: 'I have kept it' }).click();
  await page.getByText(/Invited; the invitation ends/).waitFor();
  expect(await barriers(page)).toEqual([]);
  await shoot(page, 'settings-accounts');

  const { page: bob, expect: bobRefused } = await visit(browser, link);
  [401, 404].forEach(bobRefused);
  await choose(bob, PASSWORD);
  expect(await bob.getByRole('navigation').getByRole('link', { name: 'People' }).count()).toBe(0);
  // A link is good once.
  const { page: third, expect: thirdRefused } = await visit(browser, link);
  thirdRefused(401);
  thirdRefused(404);
  await third.getByLabel('New password').fill(OTHER);
  await third.getByLabel('The same once more').fill(OTHER);
  await third.keyboard.press('Enter');
  await third.getByText('This invitation has been taken, has ended, or is not whole.').waitFor();
  await third.context().close();

  // A role counts at once.
  await act(page, 'bob', 'Change the role');
  await page.getByRole('radio', { name: 'Analyst' }).check();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('bob is Analyst now').waitFor();
  await bob.reload({ waitUntil: 'networkidle' });
  await bob.getByRole('navigation').getByRole('link', { name: 'People' }).waitFor();
  await act(page, 'bob', 'Sign out everywhere');
  await page.getByText('bob is signed out everywhere').waitFor();
  await bob.getByRole('navigation').getByRole('link', { name: 'Segments' }).click();
  await bob.getByRole('heading', { name: 'Sign in' }).waitFor();
  await act(page, 'bob', 'Keep out');
  await page.getByText('bob is signed out and kept out').waitFor();
  await signIn(bob, 'bob', PASSWORD);
  await bob.getByText('Name and password do not belong together.').waitFor();
  await act(page, 'bob', 'Let in again');
  await page.getByText('bob may sign in again').waitFor();
  await signIn(bob, 'BOB', PASSWORD);
  await bob.getByRole('button', { name: 'Sign out' }).waitFor();
  await bob.context().close();
  await act(page, 'bob', 'Delete the account');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete the account' }).click();
  await page.getByText('The account bob is deleted').waitFor();
  expect(complaints).toEqual([]);
  await page.context().close();
  await server.stop();
}, 120_000);

it('signs in and out by keys alone, says what is wrong, locks out whoever guesses, and changes the password', async () => {
  const server = await start(0);
  const { invitation } = await server.post('/api/users', { name: 'ada', role: 'admin' });
  await server.post('/api/session/invitation', { invitation, password: PASSWORD });
  const { page, expect: refused } = await visit(browser, `${server.url}/app/data`);
  [401, 403, 422, 429].forEach(refused);
  await page.keyboard.press('Enter');
  await page.getByText('Write both the name and the password.').waitFor();
  await page.keyboard.type('ada');
  await page.keyboard.press('Tab');
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  // The address is still where somebody wanted to go.
  await page.getByRole('heading', { name: 'Data', level: 1 }).waitFor();

  await page.goto(`${server.url}/app/settings?tab=you`);
  await page.getByRole('button', { name: 'Change password' }).click();
  const dialog = page.getByRole('dialog', { name: 'Change password' });
  await dialog.getByLabel('Password until now').fill('not the password');
  await dialog.getByLabel('New password').fill(OTHER);
  await dialog.getByLabel('The same once more').fill('something else here');
  await dialog.getByRole('button', { name: 'Change it' }).click();
  await dialog.getByText('The two are not the same.').waitFor();
  await dialog.getByLabel('The same once more').fill(OTHER);
  await dialog.getByRole('button', { name: 'Change it' }).click();
  await dialog.getByText('This is not the password.').waitFor();
  expect((await barriers(page)).filter((one) => !one.includes('overlapped by another'))).toEqual([]);
  await shoot(page, 'password');
  await dialog.getByLabel('Password until now').fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Change it' }).click();
  await page.getByText('The password is changed').waitFor();
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  for (let guess = 0; guess < 12 && !(await page.getByText(/Too many wrong passwords/).isVisible()); guess++) {
    const answer = page.waitForResponse((response) => response.request().method() === 'POST');
    await signIn(page, 'ada', `${PASSWORD}${guess}`);
    await answer;
    // What was said before, of the password that is changed, may still be on the page.
    await page.getByRole('main').getByRole('alert').waitFor();
  }
  await page.getByText(/Too many wrong passwords. Try again in \d+ second/).waitFor();
  await page.getByText('The password is changed').waitFor({ state: 'hidden' });
  expect(await barriers(page)).toEqual([]);
  await shoot(page, 'sign-in-locked');
  await page.context().close();
  await server.stop();
});

it('signs in elsewhere and comes back to where one wanted to go, or is told why not', async () => {
  const [issuer, port] = [await startIssuer(), await freePort()];
  const relying = ['--openid-issuer', issuer.url, '--openid-client-id', CLIENT, '--openid-label', 'Sign in with Acme'];
  const here = ['--openid-public-url', `http://127.0.0.1:${port}`, '--listen', `127.0.0.1:${port}`];
  const server = await start(0, ...relying, ...here);
  await server.post('/api/users', { name: 'ada@example.com', role: 'admin' });
  issuer.claims = { sub: '8', email: 'bob@example.com', email_verified: true };
  const { page, complaints, expect: refused } = await visit(browser, `${server.url}/app/settings?tab=you`);
  refused(401);
  await page.getByRole('link', { name: 'Sign in with Acme' }).click();
  await page.getByText('Nobody has invited you here. Ask an admin to.').waitFor();
  expect(await barriers(page)).toEqual([]);
  await shoot(page, 'sign-in-refused');
  issuer.claims = { sub: '7', email: 'Ada@example.com', email_verified: true };
  await page.goto(`${server.url}/app/settings?tab=you`);
  await page.getByRole('link', { name: 'Sign in with Acme' }).press('Enter');
  const account = page.getByRole('group', { name: 'Who you are signed in as' });
  await account.getByText('ada@example.com').waitFor();
  expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/app/settings?tab=you');
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(complaints).toEqual([]);
  await page.context().close();
  await server.stop();
  issuer.stop();
});

it.each(SCHEMES)('can be read by everybody in %s colours and on a phone', async (scheme) => {
  const server = await start(0);
  const { invitation } = await server.post('/api/users', { name: 'ada', role: 'admin' });
  const { page, expect: refused } = await visit(browser, `${server.url}/app/invitation#${String(invitation)}`, scheme, PHONE);
  refused(401);
  await page.getByRole('heading', { name: 'Welcome' }).waitFor();
  expect(await barriers(page)).toEqual([]);
  await choose(page, PASSWORD);
  await page.goto(`${server.url}/app/settings?tab=you`);
  await page.getByText('ada', { exact: true }).first().waitFor();
  expect(await barriers(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
  await shoot(page, `settings-you-${scheme}`);
  await page.context().close();
  await server.stop();
});
