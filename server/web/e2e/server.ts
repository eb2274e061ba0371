// The built binary on a free port, with generated people and whatever a test saves.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What the server says once it can be asked; with what comes after, since it may arrive in pieces. */
const GREETING = /muster answers on (http:\/\/[^,\s]+),/;

export interface Server {
  url: string;
  /** Sends JSON and answers with JSON; throws when refused. */
  post: (path: string, body: unknown) => Promise<Record<string, unknown>>;
  stop: () => Promise<void>;
}

/** The binary: `MUSTER`, or the one that `cargo build` makes. */
export function binary(): string {
  const built = fileURLToPath(new URL('../../../target/debug/muster', import.meta.url));
  const path = process.env.MUSTER ?? built;
  if (!existsSync(path)) throw new Error(`there is no ${path}: make page && cargo build -p muster`);
  return path;
}

/** A server of its own; `demo` people are generated, none without. More words of the command line may follow. */
export const start = (demo: number, ...more: string[]): Promise<Server> =>
  run(demo > 0 ? ['demo', '--bare', '--profiles', String(demo)] : ['serve'], more);

/** The demo as it is: so many people, a month of what they did, and what a team saved meanwhile. */
export const startShop = (people: number): Promise<Server> => run(['demo', '--profiles', String(people)], []);

async function run(words: string[], more: string[]): Promise<Server> {
  const listen = more.includes('--listen') ? [] : ['--listen', '127.0.0.1:0'];
  const child = spawn(binary(), [...words, ...listen, ...more], { stdio: ['ignore', 'ignore', 'pipe'] });
  const url = await greeting(child);
  const post = async (path: string, body: unknown) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
    return JSON.parse(text) as Record<string, unknown>;
  };
  const stop = () =>
    new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.kill('SIGTERM');
    });
  return { url, post, stop };
}

function greeting(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.on('data', (bytes: Buffer) => {
      said += bytes.toString();
      const found = GREETING.exec(said)?.[1];
      if (found) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${said}`)));
  });
}

/** Segments, an audience and a snapshot, as somebody might have them after a week. */
export async function furnish(server: Server): Promise<void> {
  const segments: [string, string, string[]][] = [
    ['VIP customers', 'total_spent >= 1000', ['value']],
    ['Recent buyers', 'last_purchase within 30 days', ['lifecycle']],
    ['Lapsed', 'last_purchase before 180 days and purchase_count >= 2', ['lifecycle']],
    ['Newsletter', 'email_consent = true', ['consent']],
    ['Rock and metal', 'genres includes any ("rock", "metal")', ['taste']],
    ['Spends and spends', 'total_spent >= 500 and total_spent >= 200', ['value']],
  ];
  for (const [name, text, tags] of segments) await server.post('/api/segments', { name, text, tags, changed_by: 'Ada' });
  await server.post('/api/segments', { name: 'Big baskets', text: 'avg_order >= 200', status: 'draft' });
  const winBack = { name: 'Win-back VIP Campaign', include_segments: ['VIP customers'], exclude_segments: ['Recent buyers'] };
  const { id } = await server.post('/api/audiences', winBack);
  await server.post(`/api/audiences/${String(id)}/snapshots`, {});
}
