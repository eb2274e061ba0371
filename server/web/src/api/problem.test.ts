import { afterEach, expect, it, vi } from 'vitest';

import { knowFields } from '../format/field';
import { client, told } from './client';
import { keep } from './key';
import { Problem, problemOf, saidOf, suggestedBy } from './problem';

afterEach(() => {
  keep(null);
  vi.unstubAllGlobals();
});

/** Answers every request with this, and tells what was asked. */
function answer(status: number, body: unknown) {
  const fetch = vi.fn((_request: Request) => Promise.resolve(Response.json(body, { status })));
  vi.stubGlobal('fetch', fetch);
  return fetch;
}

const refused = () => told(client.GET('/api/dashboard')).then(() => undefined, (thrown: unknown) => thrown as Problem);

it('a refusal has its sentence and all mistakes, each with its place', async () => {
  const mistakes = [
    { pointer: '/rules/0', code: 'unknown_field', message: 'there is no field', suggestions: ['total_spent'] },
    { pointer: '/rules/1/value', code: 'bad_value', message: 'a number is needed', suggestions: [] },
  ];
  answer(422, { type: 'about:blank', title: 'Unprocessable', status: 422, detail: 'two mistakes', errors: mistakes });
  const problem = await refused();
  expect(problem).toMatchObject({ message: 'two mistakes', status: 422, mistakes, mayPass: false });
  expect(problem?.at('/rules/1')).toEqual([mistakes[1]]);
});

it('a failure of the server says what to ask with', async () => {
  answer(500, { title: 'Internal', status: 500, detail: 'x', errors: [], request_id: 'a1' });
  expect(await refused()).toMatchObject({ requestId: 'a1', message: expect.stringContaining('Nothing was changed') });
});

it('a server that is away is said to be, and may come back', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('fetch failed')));
  expect(await refused()).toMatchObject({ status: 0, mayPass: true });
});

it('what is given up is no problem', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new DOMException('given up', 'AbortError')));
  expect(await refused()).not.toBeInstanceOf(Problem);
});

it('requests carry the key of somebody who signed in', async () => {
  const fetch = answer(200, {});
  await told(client.GET('/api/dashboard'));
  expect(fetch.mock.calls[0]?.[0].headers.get('authorization')).toBeNull();
  keep('secret');
  await told(client.GET('/api/dashboard'));
  expect(fetch.mock.calls[1]?.[0].headers.get('authorization')).toBe('Bearer secret');
});

it('calls fields as people know them, but not where they have to be typed', () => {
  knowFields(['total_spent']);
  const one = { pointer: '/rules/0', code: 'unknown_field', message: 'there is no field "total_spend"', suggestions: ['total_spent'] };
  const detail = '"total_spent" is an amount';
  const body = { status: 422, title: 'No', detail, errors: [one] };
  const problem = problemOf(422, body);
  expect([problem.said, saidOf(one), suggestedBy(one)]).toEqual(['“Total spent” is an amount', 'there is no field "total_spend"', '“Total spent”']);
  const typed = { ...one, message: detail, line: 1, column: 3 };
  expect([problemOf(422, { ...body, errors: [typed] }).said, saidOf(typed), suggestedBy(typed)]).toEqual([detail, detail, undefined]);
  expect(suggestedBy({ ...typed, message: 'there is no such field' })).toBe('total_spent');
  knowFields([]);
});
