import { describe, expect, it } from 'vitest';

import { unknownIds } from '../../api/lists';
import { columnsOf, columnsOfFields, csvOf, idsOf, matchingRows, peopleOfRows, rowsOf } from './csv';

describe('a CSV', () => {
  it('is read as the server reads it', () => {
    const text = '\uFEFFid;name\r\n1;"a; ""b"""\r\n\r\n 2 ;x\n';
    expect(rowsOf(text)).toEqual([['id', 'name'], ['1', 'a; "b"'], [], ['2', 'x']]);
  });

  it('tells its columns, and which one holds the ids', () => {
    expect(columnsOf('email,customer_id\nx@y,7\n')).toEqual({
      names: ['email', 'customer_id'],
      examples: [['x@y'], ['7']],
      idColumn: 1,
    });
    expect(columnsOf('nr\tmail\n1\tx\n').idColumn).toBeNull();
    expect(columnsOf('whatever\n1\n').idColumn).toBe(0);
  });

  it('gives back the rows that nobody was found for, with their lines', () => {
    const rows = rowsOf('id,name\n1,a\n2,"b, c"\n3,d\n');
    expect(idsOf(rows, 0)).toEqual(['1', '2', '3']);
    expect(csvOf(matchingRows(rows, 0, ['2'], 'line'))).toBe('line,id,name\r\n3,2,"b, c"\r\n');
  });
});

it('unknown ids are found by few questions', async () => {
  const ids = Array.from({ length: 4_096 }, (_, i) => String(i));
  const unknown = new Set(['17', '4000']);
  let asked = 0;
  const count = (some: string[]) => {
    asked++;
    return Promise.resolve(some.filter((id) => !unknown.has(id)).length);
  };
  const found = await unknownIds(ids, new AbortController().signal, count);
  expect(found).toEqual(['17', '4000']);
  expect(asked).toBeLessThan(60);
});

it('columns that are called as fields are taken for them, each field once', () => {
  expect(columnsOfFields(['City', 'id', ' city ', 'secret', 'EMAIL'], ['city', 'email', 'id'], 1)).toEqual([
    { at: 0, field: 'city' },
    { at: 4, field: 'email' },
  ]);
});

it('rows whose id nobody has become people, the first row of each id', () => {
  const rows = rowsOf('name;nr;city\nAda;7;Wien\nBob;8;Graz\nEve;7;Linz\n;;\nDan;9');
  expect(peopleOfRows(rows, 1, ['7', '9'], 'customer', [{ at: 2, field: 'city' }])).toEqual([
    ['customer', 'city'],
    ['7', 'Wien'],
    ['9', ''],
  ]);
});
