// A server that keeps what it is told, and that can be stopped and started again under the same address.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';

import { binary } from './server';

export interface LastingServer {
  url: string;
  start: () => Promise<void>;
  stop: () => Promise<void>;
  /** Stops it for good and takes away what it kept. */
  end: () => Promise<void>;
}

const freePort = () =>
  new Promise<number>((resolve) => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });

export async function lasting(): Promise<LastingServer> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-page-'));
  const address = `127.0.0.1:${await freePort()}`;
  let child: ReturnType<typeof spawn> | null = null;
  const start = () =>
    new Promise<void>((resolve, reject) => {
      const words = ['serve', '--listen', address, '--data', join(folder, 'data')];
      const started = spawn(binary(), words, { stdio: ['ignore', 'ignore', 'pipe'] });
      child = started;
      let said = '';
      started.stderr.on('data', (bytes: Buffer) => {
        said += bytes.toString();
        if (said.includes('muster answers on')) resolve();
      });
      started.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${said}`)));
    });
  const stop = () =>
    new Promise<void>((resolve) => {
      if (!child || child.exitCode !== null) return resolve();
      child.once('exit', () => resolve());
      child.kill('SIGTERM');
    });
  const end = async () => {
    await stop();
    rmSync(folder, { recursive: true, force: true });
  };
  await start();
  return { url: `http://${address}`, start, stop, end };
}
