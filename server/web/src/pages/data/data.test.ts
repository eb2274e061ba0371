import { Blob as NodeBlob } from 'node:buffer';

import { afterEach, describe, expect, it, vi } from 'vitest';

import type { Field } from '../../api/fields';
import { Records, delimiterOf, recordsOf, rewritten } from './csv';
import { compared, formatOf, idColumnOf, lookAtCsv, lookAtLines } from './look';
import { doubled, isAsItIs, namesOf, usualMapping } from './mapping';
import { suspects } from './suspects';

afterEach(() => void vi.unstubAllGlobals());

describe('delimited text', () => {
  it('is read with quotes, any line ends and a mark at its beginning', () => {
    expect(recordsOf('\uFEFFid,name\r\n1,"a ""b"", c"\r2,"two\nlines"\n\n3,', ',')).toEqual([
      ['id', 'name'],
      ['1', 'a "b", c'],
      ['2', 'two\nlines'],
      ['3', ''],
    ]);
  });
  it('is the same in whatever pieces it comes', () => {
    const text = 'id;note\r\n1;"x"";y"\r\n2;z';
    const records = new Records(';');
    const pieces = [...text].flatMap((c) => records.feed(c));
    expect([...pieces, ...records.end()]).toEqual(recordsOf(text, ';'));
  });
  it('is parted by what its header has most of', () => {
    expect(delimiterOf('a;b;c\n1,2;3;4')).toBe(';');
    expect(delimiterOf('"a;b;c",d\n')).toBe(',');
    expect(delimiterOf('a\tb\n')).toBe('\t');
  });
  it('goes on without a column, and with another name for one', async () => {
    // The Blob of jsdom has no stream.
    vi.stubGlobal('Blob', NodeBlob);
    const file = new Blob(['ID,secret,city\n1,x,"Bad, Ort"\n2,y\n']);
    const sent = await rewritten(file, ',', ['id', null, 'town']);
    // The second row has too few fields: the server is to say so, so it does not become a row that fits.
    expect(await sent.text()).toBe('id,town\n1,"Bad, Ort"\n2,,\n');
  });
});

describe('a look at a file', () => {
  it('knows it by its name', () => {
    expect(['a.CSV', 'b.jsonl', 'c.parquet', 'd.arrow', 'e.xlsx'].map(formatOf)).toEqual([
      'csv',
      'ndjson',
      'parquet',
      'arrowFile',
      undefined,
    ]);
  });
  it('leaves out a row that is cut in two', () => {
    expect(lookAtCsv('id,a\n1,x\n2,y', true).rows).toEqual([['1', 'x']]);
    expect(lookAtLines('{"id":1,"a":["x"]}\n{"id":2', true)).toEqual({ columns: ['id', 'a'], rows: [['1', '["x"]']] });
  });
  it('finds the ids', () => {
    expect(idColumnOf(['name', 'customer_id'], 'id')).toBe('customer_id');
    expect(idColumnOf(['household', 'x'], 'household')).toBe('household');
    expect(idColumnOf(['a', 'b'], 'id')).toBe('a');
  });
});

describe('what a row would change', () => {
  const now = { id: 1, fields: { spent: 10.5, city: 'Wien', tags: ['a', 'b'], at: '2026-01-01T00:00:00Z', ok: true } };
  it('is nothing where it says the same in other words', () => {
    const row = { spent: '10.50', city: 'Wien', tags: 'b, a', at: '2026-01-01T01:00:00+01:00', ok: 'TRUE', none: '' };
    expect(compared('1', row, now).kind).toBe('same');
  });
  it('is named field by field', () => {
    expect(compared('1', { spent: '11', city: 'Wien' }, now)).toEqual({
      id: '1',
      kind: 'changed',
      differences: [{ field: 'spent', before: 10.5, after: '11' }],
    });
  });
  it('is a new person where nobody has the id', () => expect(compared('2', { spent: '1' }, undefined).kind).toBe('new'));
});

describe('columns', () => {
  it('become the fields that they mean', () => {
    expect(usualMapping(['Total Spent', 'city', 'brand'], ['total_spent', 'city'])).toEqual({
      'Total Spent': 'total_spent',
      city: 'city',
      brand: 'brand',
    });
  });
  it('are not two of them the same field', () => {
    expect(doubled({ a: 'x', b: 'x' }, 'id')).toBe('x');
    expect(doubled({ a: 'x', b: 'x' }, 'b')).toBeUndefined();
    expect(doubled({ a: null, b: null }, 'id')).toBeUndefined();
  });
  it('go as they are where nothing is changed', () => {
    const columns = ['id', 'a', 'b'];
    const names = namesOf(columns, { id: 'id', a: 'a', b: null }, 'id');
    expect(names).toEqual(['id', 'a', null]);
    expect([isAsItIs(columns, names), isAsItIs(columns, columns)]).toEqual([false, true]);
  });
});

it('fields that say nothing or too much are named', () => {
  const field = (name: string, type: string, present: number, distinct: number) => ({ name, type, present, distinct }) as Field;
  const all = [field('nothing', 'int', 0, 0), field('same', 'int', 10, 1), field('email', 'keyword', 9, 9), field('city', 'keyword', 10, 3)];
  expect(suspects(all, 10)).toEqual({ empty: ['nothing'], single: ['same'], unique: ['email'] });
});
