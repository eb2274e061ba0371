import { expect, it, vi } from 'vitest';

import { client, told } from './client';
import { exactNumber, keepingNumbers, printed, writtenExactly } from './exact';

const LITERALS = ['9007199254740993', '0.1000000000000000001', '17.10', '1.0', '-0', '1e400', '12E-3', '-123456789012345678901234567890'];

it.each(LITERALS)('%s is read and written digit for digit', (literal) => {
  const text = `{"id":1,"criteria":{"match":"all","rules":[{"field":"f","operator":"in","value":[${literal},5,"${literal}"]}]},"count":2}`;
  const read: unknown = JSON.parse(keepingNumbers(text));
  expect(writtenExactly(read)).toBe(text);
  // As drafts are kept.
  expect(writtenExactly(JSON.parse(JSON.stringify(read)))).toBe(text);
  expect(printed(exactNumber(literal))).toBe(literal);
});

it('numbers that a browser holds stay numbers, and so do all outside of rules', () => {
  const text = '{"criteria":{"value":[1,-2.5,1234567890123456]},"fields":{"x":17.10,"criteria":7.50},"items":[{"criteria":[{"a":0.10}]},17.10]}';
  const read = JSON.parse(keepingNumbers(text)) as Record<string, unknown>;
  expect(read.criteria).toEqual({ value: [1, -2.5, 1_234_567_890_123_456] });
  expect(read.fields).toEqual({ x: 17.1, criteria: 7.5 });
  expect(read.items).toEqual([{ criteria: [{ a: exactNumber('0.10') }] }, 17.1]);
});

it('texts are left alone, whatever they hold', () => {
  const rule = { criteria: { value: 'a "criteria": {1.10} \\', 'x"y': '1.10', '1.10': ['"', '\\"', '17.10'] } };
  expect(JSON.parse(keepingNumbers(JSON.stringify(rule)))).toEqual(rule);
  expect(writtenExactly(rule)).toBe(JSON.stringify(rule));
});

it('a rule that is opened and sent back is the same', async () => {
  const criteria = '{"match":"all","rules":[{"field":"visits","operator":">=","value":9007199254740993},{"field":"share","operator":"<","value":0.1000000000000000001}]}';
  const asked = vi.spyOn(globalThis, 'fetch').mockImplementation(() =>
    Promise.resolve(new Response(`{"id":7,"criteria":${criteria}}`, { status: 200, headers: { 'content-type': 'application/json' } })),
  );
  const found = await told(client.GET('/api/segments/{id}', { params: { path: { id: '7' } } }));
  await told(client.PATCH('/api/segments/{id}', { params: { path: { id: '7' } }, body: { criteria: found.criteria } as never }));
  const sent = await (asked.mock.calls[1]?.[0] as Request).text();
  expect(sent).toBe(`{"criteria":${criteria}}`);
});
