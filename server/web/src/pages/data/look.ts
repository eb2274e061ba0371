// A look at a file before it is sent: its format, its columns with some values, and what the first rows would change.
import type { Person, Value } from '../../api/people';
import { type Delimiter, LOOK_BYTES, delimiterOf, recordsOf } from './csv';

export type Format = 'csv' | 'ndjson' | 'parquet' | 'arrowStream' | 'arrowFile';

/** How each format is announced to the server. */
export const MEDIA_TYPES: Record<Format, string> = {
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
  parquet: 'application/vnd.apache.parquet',
  arrowStream: 'application/vnd.apache.arrow.stream',
  arrowFile: 'application/vnd.apache.arrow.file',
};

const ENDINGS: [RegExp, Format][] = [
  [/\.(csv|tsv|txt)$/i, 'csv'],
  [/\.(ndjson|jsonl|json)$/i, 'ndjson'],
  [/\.(parquet|pq)$/i, 'parquet'],
  [/\.arrows$/i, 'arrowStream'],
  [/\.(arrow|ipc|feather)$/i, 'arrowFile'],
];

/** The format of a file by its name. */
export const formatOf = (name: string): Format | undefined => ENDINGS.find(([ending]) => ending.test(name))?.[1];

export interface Look {
  format: Format;
  delimiter: Delimiter;
  columns: string[];
  /** The first rows, a text for each column; empty where there is no value. */
  rows: string[][];
}

/** Rows that are shown and compared. */
const ROWS = 20;

/** Looks at the beginning of a file; of formats that only the server reads, nothing is known before. */
export async function look(file: Blob, format: Format): Promise<Look> {
  const nothing: Look = { format, delimiter: ',', columns: [], rows: [] };
  if (format !== 'csv' && format !== 'ndjson') return nothing;
  const text = await file.slice(0, LOOK_BYTES).text();
  // What is cut in two at the end is not looked at.
  const isCut = file.size > LOOK_BYTES;
  return format === 'csv' ? lookAtCsv(text, isCut) : { ...nothing, ...lookAtLines(text, isCut) };
}

export function lookAtCsv(text: string, isCut: boolean): Look {
  const delimiter = delimiterOf(text);
  const [columns = [], ...rows] = recordsOf(text, delimiter);
  if (isCut) rows.pop();
  return { format: 'csv', delimiter, columns: columns.map((name) => name.trim()), rows: rows.slice(0, ROWS) };
}

export function lookAtLines(text: string, isCut: boolean): Pick<Look, 'columns' | 'rows'> {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (isCut) lines.pop();
  const objects = lines.slice(0, ROWS).flatMap((line) => {
    try {
      return [JSON.parse(line) as Record<string, unknown>];
    } catch {
      return [];
    }
  });
  const columns = [...new Set(objects.flatMap((one) => Object.keys(one)))];
  const told = (value: unknown) => (typeof value === 'string' ? value : value == null ? '' : JSON.stringify(value));
  return { columns, rows: objects.map((one) => columns.map((name) => told(one[name]))) };
}

/** The column of events that says whose they are, where it has a usual name. */
export const personColumnOf = (columns: string[]): string | undefined =>
  ['profile_id', 'customer_id', 'user_id', 'external_id', 'household_id', 'id'].find((name) => columns.includes(name));

/** The column that holds the ids: what earlier imports called it, or what files usually call it, or the first. */
export function idColumnOf(columns: string[], known: string): string | undefined {
  const usual = [known, 'id', 'customer_id', 'profile_id', 'user_id', 'external_id', 'household_id'];
  return usual.find((name) => columns.includes(name)) ?? columns[0];
}

export interface Difference {
  field: string;
  before: Value | undefined;
  after: string;
}

export interface RowPreview {
  id: string;
  kind: 'new' | 'changed' | 'same';
  differences: Difference[];
}

/** What a row would do to whoever has its id now. A field that the file does not name stays as it is. */
export function compared(id: string, row: Record<string, string>, now: Person | undefined): RowPreview {
  if (!now) return { id, kind: 'new', differences: [] };
  const differences = Object.entries(row)
    .filter(([field]) => !now.masked?.includes(field))
    .map(([field, after]) => ({ field, before: now.fields[field], after }))
    .filter(({ before, after }) => !isSame(before, after));
  return { id, kind: differences.length > 0 ? 'changed' : 'same', differences };
}

function isSame(before: Value | undefined, after: string): boolean {
  const text = after.trim();
  if (before === undefined || before === null) return text === '';
  if (typeof before === 'number') return text !== '' && Number(text) === before;
  if (Array.isArray(before)) return [...before].map(String).sort().join() === members(text).sort().join();
  if (typeof before === 'boolean') return text.toLowerCase() === String(before);
  return text === before || (!Number.isNaN(Date.parse(text)) && /^\d{4}-\d\d-\d\dT/.test(before) && Date.parse(text) === Date.parse(before));
}

function members(text: string): string[] {
  try {
    const json: unknown = JSON.parse(text);
    if (Array.isArray(json)) return json.map(String);
  } catch {
    // Not JSON: members parted by a sign.
  }
  return text.split(/[,|]/).map((part) => part.trim()).filter((part) => part !== '');
}
