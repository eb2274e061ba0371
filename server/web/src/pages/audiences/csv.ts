// CSV as the server reads it (RFC 4180, comma, semicolon or tab), read here for two things only: which columns there are,
// and which rows an account is about.

/** Characters of a file that are looked at for its columns. */
export const HEAD_CHARS = 64 * 1024;

/** Columns that the server takes for ids without being told. */
const ID_COLUMNS = ['customer_id', 'id'];

/** The separator: whichever of the three the first line has most of outside quotes. */
export function separatorOf(text: string): string {
  const line = text.replace(/"[^"]*"/g, '').split(/\r\n|\r|\n/, 1)[0] ?? '';
  const count = (separator: string) => line.split(separator).length;
  return [',', ';', '\t'].reduce((best, one) => (count(one) > count(best) ? one : best));
}

/** The rows with their cells. Blank lines have none. */
export function rowsOf(text: string): string[][] {
  const clean = text.replace(/^\uFEFF/, '');
  const separator = separatorOf(clean);
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let isQuoted = false;
  const endCell = () => {
    row.push(cell.trim());
    cell = '';
  };
  const endRow = () => {
    endCell();
    rows.push(row.length === 1 && row[0] === '' ? [] : row);
    row = [];
  };
  for (let i = 0; i < clean.length; i++) {
    const char = clean[i];
    if (isQuoted) {
      if (char !== '"') cell += char;
      else if (clean[i + 1] === '"') (cell += '"'), i++;
      else isQuoted = false;
    } else if (char === '"' && cell.trim() === '') (isQuoted = true), (cell = '');
    else if (char === separator) endCell();
    else if (char === '\n' || char === '\r') {
      if (char === '\r' && clean[i + 1] === '\n') i++;
      endRow();
    } else cell += char;
  }
  if (cell !== '' || row.length > 0) endRow();
  return rows;
}

export interface Columns {
  names: string[];
  /** The first values of each. */
  examples: string[][];
  /** The place of the one that holds the ids, as far as its name tells. */
  idColumn: number | null;
}

/** Rows whose values are shown as examples. */
const EXAMPLES = 3;

/** The columns of a file, from its first characters. */
export function columnsOf(head: string): Columns {
  const [names = [], ...rows] = rowsOf(head);
  const filled = rows.filter((row) => row.length > 0).slice(0, EXAMPLES);
  const place = ID_COLUMNS.map((name) => names.findIndex((one) => one.toLowerCase() === name)).find((i) => i >= 0);
  return {
    names,
    examples: names.map((_, i) => filled.map((row) => row[i] ?? '')),
    idColumn: place ?? (names.length === 1 ? 0 : null),
  };
}

/** The ids of a column. */
export const idsOf = (rows: string[][], column: number): string[] =>
  rows.slice(1).map((row) => row[column] ?? '').filter((id) => id !== '');

const quoted = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** Rows as CSV. */
export const csvOf = (rows: string[][]): string => rows.map((row) => row.map(quoted).join(',')).join('\r\n') + '\r\n';

/** The header and the rows whose id is one of some, with their line in the file in front. */
export function matchingRows(rows: string[][], column: number, ids: string[], lineName: string): string[][] {
  const wanted = new Set(ids);
  const [head = [], ...rest] = rows;
  const found = rest.flatMap((row, i) => (wanted.has(row[column] ?? '') ? [[String(i + 2), ...row]] : []));
  return [[lineName, ...head], ...found];
}

/** Of the columns of a file those that are called as some fields are, in capitals or not; each by its place and its field. */
export function columnsOfFields(names: string[], fields: string[], idColumn: number): { at: number; field: string }[] {
  const called = new Map(fields.map((field) => [field.toLowerCase(), field]));
  const found = names.flatMap((name, at) => {
    const field = at === idColumn ? undefined : called.get(name.trim().toLowerCase());
    return field === undefined ? [] : [{ at, field }];
  });
  return found.filter(({ field }, i) => found.findIndex((one) => one.field === field) === i);
}

/** Rows of some ids as people: the id under the name it has, and some columns under those of their fields. The first row of each counts. */
export function peopleOfRows(rows: string[][], column: number, ids: string[], idName: string, columns: { at: number; field: string }[]): string[][] {
  const wanted = new Set(ids);
  const people = rows.slice(1).flatMap((row) => {
    const id = row[column] ?? '';
    return wanted.delete(id) ? [[id, ...columns.map(({ at }) => row[at] ?? '')]] : [];
  });
  return [[idName, ...columns.map(({ field }) => field)], ...people];
}
