import { describe, expect, it } from 'vitest';

import type { Breakdown } from '../../api/audiences';
import { runningTotals } from '../../charts/waterfall';
import { addsUp, byNumber, sourcesOf, stepsOf, sumsOf } from './sums';

/** A breakdown as the server makes it, from who is in what. */
function evaluate(sources: Set<number>[], removals: [string, Set<number>][]): { breakdown: Breakdown; count: number } {
  const base = new Set<number>();
  const told = sources.map((source, i) => {
    const before = base.size;
    source.forEach((one) => base.add(one));
    return { kind: 'segment', key: String(i), size: source.size, added: base.size - before, only: 0 };
  });
  const left = new Set(base);
  const waterfall = removals.map(([kind, set]) => {
    const before = left.size;
    set.forEach((one) => left.delete(one));
    return { kind, reason: kind, name: kind, before, removed: before - left.size, only: 0, left: left.size };
  });
  const breakdown = { base: base.size, sources: told, waterfall, excluded_total: base.size - left.size };
  return { breakdown: breakdown as unknown as Breakdown, count: left.size };
}

/** Numbers that look random and are the same each time. */
function dice(seed: number) {
  return () => (seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff) / 0x7fffffff;
}

describe('the sums of an audience', () => {
  it('are those of the example: 890 + 456 - 99 = 1,247 when nobody is in both', () => {
    const range = (from: number, to: number) => new Set(Array.from({ length: to - from }, (_, i) => from + i));
    const { breakdown, count } = evaluate([range(0, 890), range(890, 1346)], [['segment', range(100, 199)]]);
    expect(sumsOf(breakdown)).toEqual({ gross: 1346, duplicates: 0, excluded: 99, gates: 0, final: 1247 });
    expect(count).toBe(1247);
  });

  it('add up whoever overlaps', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const roll = dice(seed);
      const some = () => new Set(Array.from({ length: 60 }, (_, i) => i).filter(() => roll() < 0.4));
      const kinds = ['segment', 'customers', 'suppression', 'no_consent', 'holdout'];
      const removals = kinds.map((kind): [string, Set<number>] => [kind, some()]);
      const { breakdown, count } = evaluate([some(), some(), some()], removals);
      const { gross, duplicates, excluded, gates, final } = sumsOf(breakdown);
      expect(gross - duplicates - excluded - gates).toBe(count);
      expect(final).toBe(count);
      expect(addsUp(breakdown, count)).toBe(true);
      const steps = stepsOf(breakdown, (source) => source.key, (step) => step.name, 'twice');
      expect(runningTotals(steps).at(-1)?.to).toBe(count);
    }
  });

  it('tell when they do not', () => {
    const { breakdown, count } = evaluate([new Set([1, 2])], []);
    expect(addsUp(breakdown, count + 1)).toBe(false);
  });
});

it('knows segments by their numbers, however they were called when they were saved', () => {
  const saved = {
    sources: [{ kind: 'segment', key: 'VIP customers' }, { kind: 'customers', key: 'customers' }, { kind: 'segment', key: '7' }],
    exclusions: [{ kind: 'segment', key: 'VIP: old' }],
    waterfall: [
      { kind: 'segment', reason: 'excluded_segment:VIP: old', removed: 3 },
      { kind: 'suppression', reason: 'suppression:2', removed: 1 },
    ],
  } as unknown as Breakdown;
  const told = byNumber(saved, [1, 7], [2]);
  expect(sourcesOf(told).map(({ key }) => key)).toEqual(['1', 'customers', '7']);
  expect(told.exclusions).toEqual([{ kind: 'segment', key: '2' }]);
  expect(told.waterfall.map(({ reason }) => reason)).toEqual(['excluded_segment:2', 'suppression:2']);
});
