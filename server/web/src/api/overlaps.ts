// Who is in which of several sets at once.
import { queryOptions } from '@tanstack/react-query';

import { type Schemas, client, told } from './client';
import { LIVE_MS } from './live';

/** One set: a saved segment, people by their ids, an imported list, or people as they were frozen. */
export type OverlapSet = { label: string } & ({ segment: number } | { ids: string[] } | { list: number } | { snapshot: number });

/** A set that a rule can speak of. */
type RuleSet = Extract<OverlapSet, { segment: number } | { ids: string[] }>;

const isRuleSet = (set: OverlapSet): set is RuleSet => 'segment' in set || 'ids' in set;

/** Sets that the server compares at most. */
export const SETS_MAX = 12;

const inIds = (ids: string[]) => ({ field: 'id', operator: 'in', value: ids });
const inSet = (set: RuleSet) => ('segment' in set ? { segment: set.segment, operator: 'in' } : inIds(set.ids));
const asked = (set: OverlapSet) => ('ids' in set ? { criteria: inIds(set.ids), label: set.label } : set);

/** Every combination that somebody is in. */
export const overlap = (sets: OverlapSet[]) =>
  queryOptions({
    queryKey: ['overlap', sets],
    queryFn: ({ signal }) => told(client.POST('/api/overlap', { body: { sets: sets.map(asked) as never[] }, signal })),
    refetchInterval: LIVE_MS,
    enabled: sets.length > 1,
  });

/** The rule for those who are in all of some sets and in none of the others; none where no rule can speak of one of them. */
export function exactly(inside: OverlapSet[], outside: OverlapSet[]) {
  if (!inside.every(isRuleSet) || !outside.every(isRuleSet)) return null;
  const rules: object[] = inside.map(inSet);
  if (outside.length > 0) rules.push({ match: 'none', rules: outside.map(inSet) });
  return { match: 'all', rules };
}

/** Whom a rule selects, and the first of them. */
export const ruleSample = (criteria: object | null, sample: number) =>
  queryOptions({
    queryKey: ['rule-sample', criteria, sample],
    queryFn: ({ signal }) =>
      told(client.POST('/api/segments/preview', { body: { criteria: criteria as never, sample }, signal })),
    enabled: criteria !== null,
    placeholderData: undefined,
  });

/** Saves a rule as a segment. */
export const saveRule = (name: string, criteria: object): Promise<Schemas['SegmentAnswer']> =>
  told(client.POST('/api/segments', { body: { name, criteria: criteria as never } }));

/** Saves a segment of people who are like those of another. */
export const saveLookalike = (name: string, source: number, size: number): Promise<Schemas['SegmentAnswer']> =>
  told(
    client.POST('/api/segments', { body: { name, segment_type: 'lookalike', source: source as never, size } }),
  );
