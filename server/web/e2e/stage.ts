// What most files of tests begin with: a browser, and a server with people in it, for all of their tests.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';

import { open } from './browser';
import { type Server, start } from './server';

/** There from the first test on. */
export interface Stage {
  browser: Browser;
  server: Server;
}

/** Opens a browser and starts a server with so many generated people before the tests of a file, and ends both after them. */
export function stage(people: number, prepare: (server: Server) => Promise<unknown> = async () => {}): Stage {
  const on = {} as Stage;
  beforeAll(async () => {
    [on.browser, on.server] = await Promise.all([open(), start(people)]);
    await prepare(on.server);
  });
  afterAll(async () => {
    await on.browser?.close();
    await on.server?.stop();
  });
  return on;
}
