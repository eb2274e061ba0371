import { describe, expect, it } from 'vitest';

import { type GroupNode, fromCriteria, newGroup, newRule, replaced, toCriteria } from '../rule/criteria';
import { withMeasure } from '../rule/event';
import type { Leaf } from '../rule/leaf';
import { boundsOf, numberFrom } from '../rule/number';
import { added, copied, joined, muted, removed, shifted } from '../rule/tree';
import { printed } from '../../../api/exact';
import { type Draft, blank, isSame, kept, placeOf, savedOf, step } from './draft';
import { cured } from './findings';

const leaf = (field: string): Leaf => ({ field, operator: 'exists' });
const [a, b, c] = ['a', 'b', 'c'].map((field) => newRule(leaf(field)));
if (!a || !b || !c) throw new Error('three rules');
const root = newGroup('all', [a, newGroup('any', [b, c])]);
const written = (tree: GroupNode) => toCriteria(tree).criteria;

describe('steps', () => {
  const begin = { past: [], present: blank(), future: [], place: '', at: 0 };
  const named = (name: string, at: number, place = 'name') =>
    ({ kind: 'change', put: (draft: Draft) => ({ ...draft, name }), place, at }) as const;

  it('are one for what is typed at one place in one go', () => {
    const typed = [named('A', 10), named('Ab', 200), named('Abc', 400), named('Abcd', 5_000)].reduce(step, begin);
    const back = step(typed, { kind: 'undo' });
    expect([typed.present.name, back.present.name, step(back, { kind: 'undo' }).present.name]).toEqual(['Abcd', 'Abc', '']);
    expect(step(back, { kind: 'redo' }).present.name).toBe('Abcd');
  });

  it('are several at several places, and what was undone is gone once something else is done', () => {
    const typed = [named('A', 10), named('B', 20, 'other')].reduce(step, begin);
    const back = step(typed, { kind: 'undo' });
    expect(back.present.name).toBe('A');
    const other = step(back, named('C', 30));
    expect(step(other, { kind: 'redo' })).toBe(other);
  });

  it('know which rule was typed into', () => {
    const typed = replaced(root, b.id, () => ({ ...b, value: leaf('d') }));
    expect(placeOf(root, typed)).toBe(`rule ${b.id}`);
    expect(placeOf(root, removed(root, [0]))).toBe('');
    expect(placeOf(root, muted(root, true, [0]))).toBe('');
  });
});

describe('what is kept', () => {
  it('is nothing when it cannot be read', () => {
    localStorage.setItem('muster.draft.7', '{"draft": 3}');
    localStorage.setItem('muster.draft.8', 'not json');
    expect([kept('7'), kept('8'), kept('9')]).toEqual([null, null, null]);
  });

  it('is not a change as long as it would be saved the same', () => {
    const draft = { ...blank(), root };
    expect(isSame(draft, { ...draft, root: fromCriteria(written(root)) })).toBe(true);
    expect(isSame(draft, { ...draft, root: muted(root, true, [0]) })).toBe(false);
    expect('criteria' in savedOf(blank())).toBe(false);
  });
});

describe('the tree', () => {
  it('is changed in place', () => {
    expect(written(shifted(root, [0], 1))).toEqual({ match: 'all', rules: [{ match: 'any', rules: [b.value, c.value] }, a.value] });
    expect(written(shifted(root, [1, 1], -1))).toEqual({ match: 'all', rules: [a.value, { match: 'any', rules: [c.value, b.value] }] });
    expect(written(removed(root, [1]))).toEqual(a.value);
    expect(written(joined(root, 'none', [1]))).toEqual({ match: 'all', rules: [a.value, { match: 'none', rules: [b.value, c.value] }] });
    expect(written(added(root, newRule(leaf('d')), []))).toMatchObject({ rules: [a.value, {}, leaf('d')] });
  });

  it('is copied with ids of its own', () => {
    const twice = copied(root, [1]);
    const ids = JSON.stringify(twice).match(/"id":"[^"]+"/g) ?? [];
    expect(ids.length).toBe(8);
    expect(new Set(ids).size).toBe(8);
    expect(twice.rules[0]).toBe(root.rules[0]);
  });
});

it('a cure that takes one rule away leaves what is off', () => {
  const off = { ...newRule(leaf('off')), muted: true };
  const tree = newGroup('all', [a, b, off]);
  const finding = { pointer: '/rules/1', cure: { criteria: a.value, text: '' } as never };
  const after = cured(tree, finding, toCriteria(tree));
  expect(after.rules).toEqual([a, off]);
  const other = cured(tree, { ...finding, pointer: '' }, toCriteria(tree));
  expect(written(other)).toEqual(a.value);
});

describe('a test of events', () => {
  const test: Leaf = { event: 'purchase', operator: '>=', value: 2, within_days: 30, where: [leaf('x')], later: 1 };
  it('keeps all but its measure', () => {
    expect(withMeasure(test, 'sum')).toEqual({ ...test, measure: 'sum', of: 'amount' });
    expect(withMeasure(withMeasure(test, 'sum'), 'count')).toEqual(test);
    expect(withMeasure(test, 'any')).toEqual({ event: 'purchase', within_days: 30, where: [leaf('x')], later: 1 });
    expect(withMeasure(test, 'last')).toEqual({ ...test, measure: 'last', operator: 'within_days', value: 30 });
  });
});

describe('numbers', () => {
  it('are exact, or kept as they were typed', () => {
    expect(['100', ' 17.50', '-3', '1e3', '1,000', ''].map(numberFrom)).toEqual([100, 17.5, -3, undefined, undefined, undefined]);
    const long = ['12345678901234567890', '-012345678901234567.', '.12345678901234567'].map(numberFrom);
    expect(long.map(printed)).toEqual(['12345678901234567890', '-12345678901234567', '0.12345678901234567']);
  });
  it('are bounds on a scale', () => {
    const at = (operator: string, value: unknown) => boundsOf(operator, value as never, [0, 100], Number, 50);
    expect(at('between', [10, 200])).toEqual([10, 100]);
    expect(at('>=', 30)).toEqual([30, 100]);
    expect(at('<', 30)).toEqual([0, 30]);
    expect(at('is', 1)).toEqual([0, 100]);
  });
});
