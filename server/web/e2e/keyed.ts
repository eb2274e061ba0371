// Signing in with a key on the page.
import type { Page } from 'playwright-core';

/** The way to sign in with a key, from the one by name. */
export async function byKey(page: Page): Promise<void> {
  const key = page.getByRole('button', { name: 'Use a key instead' });
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  if (await key.isVisible()) await key.click();
}

/** Signs in. */
export async function enter(page: Page, key: string): Promise<void> {
  await byKey(page);
  await page.getByLabel('Key', { exact: true }).fill(key);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
}
