import { describe, expect, it } from 'vitest';

import { type GroupNode, find, fromCriteria, isGroup, newGroup, newRule, replaced, restOf, toCriteria, turned } from './criteria';
import { type Json, type Leaf, SHAPES, isFinished, negated, withOperator } from './leaf';

const VALUES: Record<string, Json> = { one: 'x', many: ['a', 'b'], pair: [1, 2], days: 30, none: undefined };

/** A test of every operator, by its name. */
const every: Leaf[] = Object.entries(SHAPES).map(([operator, shape]) =>
  shape === 'none' ? { field: 'f', operator } : { field: 'f', operator, value: VALUES[shape] as Json },
);

const events: Leaf[] = [
  { event: 'visit' },
  { event: 'purchase', where: [{ field: 'category', operator: 'is', value: 'shoes' }], operator: '>=', value: 2, within_days: 30 },
  { event: 'purchase', measure: 'sum', of: 'amount', operator: 'between', value: [1, 200.5], between: ['2026-03-01T00:00:00Z', '2026-11-01T00:00:00Z'] },
  { event: 'purchase', measure: 'last', operator: 'before_days', value: 90, before_days: 3 },
  { event: 'cart_add', not_followed_by: { event: 'purchase', within_days: 3, where: [{ field: 'a', operator: 'exists' }] }, before_days: 3 },
  { event: 'a', then: { event: 'b' } },
];

const others: Leaf[] = [
  { segment: 'newsletter', operator: 'in' },
  { segment: 7, operator: 'not_in' },
  { score: 'of tomorrow', above: { deep: [1, null, true] } },
  { field: 'f', operator: 'resembles', value: 3, weight: 0.5 },
  { logic: 'AND', rules: [{ field: 'f', operator: 'exists' }] },
  { field: 'f', operator: 'is', value: '' },
  { field: 'f', operator: 'is', value: false },
  { field: 'f', operator: '=', value: 0 },
];

const leaves = [...every, ...events, ...others];

/** A number of a simple sequence, the same in every run. */
function sequence(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

function tree(next: (below: number) => number, depth: number): Leaf {
  if (depth === 0 || next(3) === 0) return leaves[next(leaves.length)] as Leaf;
  const rules = Array.from({ length: 1 + next(4) }, () => tree(next, depth - 1));
  const group: Leaf = { match: ['all', 'any', 'none'][next(3)] as string, rules };
  return next(9) === 0 ? { ...group, note: 'kept' } : group;
}

/** A root group of one rule says what that rule says, and is written so. */
function plain(criteria: Leaf): Leaf {
  const { match, rules, ...extra } = criteria as { match?: string; rules?: Leaf[] };
  const isOnly = rules?.length === 1 && (match === 'all' || match === 'any') && Object.keys(extra).length === 0;
  return isOnly ? (rules[0] as Leaf) : criteria;
}

describe('a rule that is edited and written', () => {
  it.each(leaves.map((leaf) => [JSON.stringify(leaf), leaf] as const))('is the same: %s', (_, leaf) => {
    expect(isFinished(leaf)).toBe(true);
    expect(toCriteria(fromCriteria(leaf)).criteria).toEqual(leaf);
    const group = { match: 'none', rules: [leaf, { match: 'any', rules: [leaf, leaf] }] };
    expect(toCriteria(fromCriteria(group)).criteria).toEqual(group);
  });

  it('is the same for a thousand trees', () => {
    for (let seed = 1; seed <= 1_000; seed++) {
      const criteria = tree(sequence(seed * 7_919), 5);
      expect(toCriteria(fromCriteria(criteria)).criteria).toEqual(plain(criteria));
    }
  });

  it('knows which node stands at a pointer', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const root = fromCriteria(tree(sequence(seed * 104_729), 4));
      const { criteria, ids } = toCriteria(root);
      for (const [pointer, [id]] of ids) {
        const node = find(root, id as string)?.node;
        const part = pointer.split('/').slice(1).reduce<Json>((at, key) => (at as Leaf)[key], criteria);
        expect(node && isGroup(node) ? (part as Leaf).match : part).toEqual(node && isGroup(node) ? node.combinator : node?.value);
      }
    }
  });

  it('keeps the ids of what stays in its place', () => {
    const before = fromCriteria({ match: 'all', rules: [{ field: 'a', operator: 'exists' }, { match: 'any', rules: [every[0] as Leaf] }] });
    const after = fromCriteria({ match: 'any', rules: [{ field: 'b', operator: 'exists' }, { match: 'none', rules: [every[1] as Leaf] }] }, before);
    const ids = (node: GroupNode): string[] => [node.id, ...node.rules.flatMap((rule) => (isGroup(rule) ? ids(rule) : [rule.id]))];
    expect(ids(after)).toEqual(ids(before));
  });
});

describe('what is muted or not finished', () => {
  const a = newRule({ field: 'a', operator: 'exists' });
  const b = newRule({ field: 'b', operator: '>=' });
  const c = { ...newRule({ field: 'c', operator: 'exists' }), muted: true };

  it('is left out, and groups that are empty then', () => {
    const root = newGroup('all', [a, b, c, newGroup('any', [b, c]), { ...newGroup('any', [a]), muted: true }]);
    const { criteria, unfinished, ids } = toCriteria(root);
    expect(criteria).toEqual(a.value);
    expect(unfinished).toEqual([b.id, b.id]);
    expect(ids.get('')).toEqual([a.id, root.id]);
  });

  it('may be everything', () => expect(toCriteria(newGroup('all', [b, c])).criteria).toBeNull());

  it.each([
    [{ field: 'f', operator: 'between', value: [1, null] }],
    [{ field: 'f', operator: 'in', value: [] }],
    [{ event: 'e', operator: '>=' }],
    [{ event: 'e', measure: 'sum', operator: '>=', value: 1 }],
    [{ event: 'e', where: [{ field: 'p', operator: 'is' }] }],
    [{ event: 'e', then: { event: '' } }],
    [{ segment: '', operator: 'in' }],
  ] as [Leaf][])('is seen: %j', (leaf) => expect(isFinished(leaf)).toBe(false));

  it('does not count in the rest of a rule', () => {
    const root = newGroup('all', [a, b, c]);
    expect(restOf(root, b.id)).toEqual(a.value);
    expect(restOf(root, a.id)).toBeNull();
  });
});

describe('turning round', () => {
  it('is undone by turning round again', () => {
    for (const leaf of leaves) {
      const node = newRule(leaf);
      const once = turned(node, negated(leaf));
      const twice = isGroup(once) ? turned(once, null) : turned(once, negated(once.value));
      const { criteria } = toCriteria(newGroup('all', [isGroup(twice) ? twice : { ...twice }]));
      if (negated(leaf)) expect(criteria).toEqual(leaf);
    }
    const all = newGroup('all', [newRule(every[0] as Leaf), newRule(every[1] as Leaf)]);
    expect(turned(turned(all, null), null)).toEqual(all);
    const any = newGroup('any', all.rules);
    expect(turned(turned(any, null), null)).toEqual(any);
  });
});

describe('another operator', () => {
  it('keeps of the value what fits', () => {
    const leaf = { field: 'f', operator: '>=', value: 5, weight: 1 };
    expect(withOperator(leaf, '<')).toEqual({ ...leaf, operator: '<' });
    expect(withOperator(leaf, 'between')).toEqual({ ...leaf, operator: 'between', value: [5, null] });
    expect(withOperator(leaf, 'exists')).toEqual({ field: 'f', operator: 'exists', weight: 1 });
    expect(withOperator(withOperator(leaf, 'in'), 'is')).toEqual({ ...leaf, operator: 'is' });
    expect(withOperator({ field: 'f', operator: 'within_days', value: 9 }, '<')).toEqual({ field: 'f', operator: '<' });
  });
});

it('a node is replaced or taken away in place', () => {
  const [a, b] = [newRule({ field: 'a', operator: 'exists' }), newRule({ field: 'b', operator: 'exists' })];
  const root = newGroup('all', [a, newGroup('any', [b])]);
  expect(toCriteria(replaced(root, b.id, () => null)).criteria).toEqual(a.value);
  expect(replaced(root, 'nowhere', () => null)).toBe(root);
});
