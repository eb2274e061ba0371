// The people and segments of "Win-back VIP Campaign": 890 VIPs and 456 recent buyers, none of them both; 99 of these are to
// be kept out, of whom 90 are engaged, 2 are named, and 7 were contacted in the last days.

/** People there are; their ids are 1 to this. */
export const PEOPLE = 2_000;
export const VIPS = 890;
export const RECENT = 456;
export const ENGAGED = 90;
export const NAMED = ['123', '456'];
export const CONTACTED = 7;
export const FINAL = VIPS + RECENT - ENGAGED - NAMED.length - CONTACTED;

const DAY_MS = 86_400_000;

async function send(url: string, path: string, type: string, body: string): Promise<Record<string, unknown>> {
  const answer = await fetch(url + path, { method: 'POST', headers: { 'content-type': type }, body });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
  return JSON.parse(text) as Record<string, unknown>;
}

/** Sends JSON. */
export const post = (url: string, path: string, body: unknown) => send(url, path, 'application/json', JSON.stringify(body));

/** Imports the people. */
export async function importPeople(url: string): Promise<void> {
  const ago = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString();
  const rows = Array.from({ length: PEOPLE }, (_, i) => {
    const id = i + 1;
    const isRecent = id > VIPS && id <= VIPS + RECENT;
    return JSON.stringify({
      id: String(id),
      first_name: ['John', 'Jane', 'Ada', 'Alan'][i % 4],
      last_name: ['Smith', 'Doe', 'Lovelace', 'Turing'][(i >> 2) % 4],
      email: `person${id}@example.com`,
      score: id <= VIPS ? 81 + (id % 20) : id % 81,
      last_purchase: ago(isRecent ? 1 + (id % 29) : 40 + (id % 400)),
      engaged: id <= ENGAGED,
    });
  });
  await send(url, '/api/profiles/import?id_field=id&schema=infer', 'application/x-ndjson', rows.join('\n'));
}

/** Saves the segments, and the suppression of those who were contacted. */
export async function saveSegments(url: string): Promise<void> {
  const segments: [string, string][] = [
    ['VIP Customers', 'score > 80'],
    ['Recent Buyers', 'last_purchase within 30 days'],
    ['Engaged Users', 'engaged = true'],
  ];
  for (const [name, text] of segments) await post(url, '/api/segments', { name, text });
  const { id } = await post(url, '/api/suppressions', { name: 'Contacted in last 7 days', keep_days: 7 });
  const ids = Array.from({ length: CONTACTED }, (_, i) => String(200 + i));
  await post(url, `/api/suppressions/${String(id)}/members`, { ids });
}

const VIP_ROWS = Array.from({ length: 10 }, (_, i) => `"VIP; ${i}";${300 + i}`);

/** "Special VIP List.csv": ten who are VIPs already, one of them twice, one whom nobody knows, and a row without an id. */
export const SPECIAL = ['name;Customer Nr', ...VIP_ROWS, 'again;300', 'who;nobody', 'none;', ''].join('\n');
