// Delimited text, read piece by piece: for a look at a file before it is sent, and to leave columns out of it or call them
// something else. The server reads the whole; this agrees with it about what a record is (RFC 4180, any line ends).

/** Bytes of a file that are looked at before it is sent. */
export const LOOK_BYTES = 256 * 1024;

/** Characters of a rewritten file that are put together before the browser is given them. */
const PIECE = 4 << 20;

const DELIMITERS = [',', ';', '\t'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/** The delimiter that a header has the most of outside of quotes. */
export function delimiterOf(text: string): Delimiter {
  const [header = ''] = text.replace(/^\uFEFF/, '').replace(/"(?:[^"]|"")*"/g, '').split(/[\r\n]/, 1);
  const often = (delimiter: string) => header.split(delimiter).length;
  return [...DELIMITERS].sort((a, b) => often(b) - often(a))[0] ?? ',';
}

/** Takes text in pieces and gives back the records that are whole. */
export class Records {
  private field = '';
  private record: string[] = [];
  private isQuoted = false;
  /** The last character was a quote within quotes: the end of them, or half of a quote that is meant. */
  private wasQuote = false;
  private wasReturn = false;
  private isStart = true;

  constructor(private readonly delimiter: Delimiter) {}

  feed(text: string): string[][] {
    const whole: string[][] = [];
    for (const c of this.isStart ? text.replace(/^\uFEFF/, '') : text) this.take(c, whole);
    this.isStart = false;
    return whole;
  }

  /** The record that has no line end behind it. */
  end(): string[][] {
    const isNothing = this.field === '' && this.record.length === 0 && !this.wasQuote;
    return isNothing ? [] : [[...this.record, this.field]];
  }

  private take(c: string, whole: string[][]): void {
    if (this.wasReturn && c === '\n') {
      this.wasReturn = false;
      return;
    }
    this.wasReturn = false;
    if (this.isQuoted && !this.wasQuote) {
      if (c === '"') this.wasQuote = true;
      else this.field += c;
    } else if (this.wasQuote && c === '"') {
      this.field += '"';
      this.wasQuote = false;
    } else if (c === '"' && this.field === '' && !this.isQuoted) this.isQuoted = true;
    else if (c === this.delimiter) this.endField();
    else if (c === '\n' || c === '\r') {
      this.wasReturn = c === '\r';
      this.endField();
      // A line with nothing on it is no record.
      if (this.record.length > 1 || this.record[0] !== '') whole.push(this.record);
      this.record = [];
    } else this.field += c;
  }

  private endField(): void {
    this.record.push(this.field);
    this.field = '';
    this.isQuoted = false;
    this.wasQuote = false;
  }
}

/** All records of a text. */
export function recordsOf(text: string, delimiter: Delimiter): string[][] {
  const records = new Records(delimiter);
  return [...records.feed(text), ...records.end()];
}

const written = (record: string[], delimiter: Delimiter) =>
  record.map((field) => (/["\r\n]/.test(field) || field.includes(delimiter) ? `"${field.replaceAll('"', '""')}"` : field)).join(delimiter);

/** The same file with its columns called `names`; a column whose name is `null` is left out. */
export async function rewritten(file: Blob, delimiter: Delimiter, names: (string | null)[]): Promise<Blob> {
  const kept = names.flatMap((name, i) => (name === null ? [] : [i]));
  const records = new Records(delimiter);
  const pieces: Blob[] = [];
  let lines = '';
  let isHeader = true;
  const put = (record: string[]) => {
    const fields = kept.map((i) => (isHeader ? (names[i] ?? '') : (record[i] ?? '')));
    // A record with more or fewer fields than the header is for the server to refuse, so it has one too many here as well.
    lines += `${written(isHeader || record.length === names.length ? fields : [...fields, ''], delimiter)}\n`;
    isHeader = false;
    if (lines.length > PIECE) {
      pieces.push(new Blob([lines]));
      lines = '';
    }
  };
  const reader = file.stream().pipeThrough(new TextDecoderStream()).getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) records.feed(read.value).forEach(put);
  records.end().forEach(put);
  return new Blob([...pieces, lines], { type: 'text/csv' });
}
