// How many a rule selects while it is written: asked for at once, never shown for another rule than it was counted for, and
// never taken away before the next number is there.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';

import { type Problem, problemFrom, saidOf } from '../../../api/problem';
import { type Criteria, type NodeCounts, preview } from '../../../api/rule';
import { type GroupNode, type Written, toCriteria } from '../rule/criteria';

/** Milliseconds that a change waits for the count that is under way; then that one is given up. */
const TURN_MS = 40;

/** Rules whose nodes are remembered until their counts come. */
const REMEMBERED_MAX = 32;

type Answer = Awaited<ReturnType<NonNullable<ReturnType<typeof preview>['queryFn']>>>;

export interface Counting {
  written: Written;
  /** The rule as JSON text: the same text is the same rule. */
  key: string;
  /** The rule that was counted last, or is being counted. */
  criteria: Criteria | null;
  answer: Answer | undefined;
  /** Counts by the id of a node. */
  counts: Map<string, NodeCounts>;
  /** Mistakes by the id of a node. */
  mistakes: Map<string, string[]>;
  /** Why it cannot be counted. */
  problem: Problem | null;
  /** Whether the server is away and asked again and again. */
  isAway: boolean;
  /** Whether what is shown is of the rule before. */
  isBehind: boolean;
}

export function useCounting(root: GroupNode): Counting {
  const written = useMemo(() => toCriteria(root), [root]);
  const key = useMemo(() => JSON.stringify(written.criteria), [written]);
  const settled = useTurn(key);
  const criteria = useMemo(() => JSON.parse(settled) as Criteria | null, [settled]);
  const places = useRef(new Map<string, Written['ids']>());
  places.current.set(key, written.ids);
  if (places.current.size > REMEMBERED_MAX) {
    const [oldest] = places.current.keys();
    if (oldest !== undefined && oldest !== key) places.current.delete(oldest);
  }
  const query = useQuery(preview(criteria));
  const answer = criteria === null ? undefined : (query.data as Answer | undefined);
  const counts = useMemo(() => {
    const found = new Map<string, NodeCounts>();
    const ids = answer && places.current.get(answer.asked);
    for (const node of answer?.nodes ?? []) ids?.get(node.pointer)?.forEach((id) => found.set(id, node));
    return found;
  }, [answer]);
  const thrown = query.error ?? query.failureReason;
  const failure = thrown === null || criteria === null ? null : problemFrom(thrown);
  const isAway = failure?.mayPass ?? false;
  const problem = query.isError && !isAway ? failure : null;
  const mistakes = useMemo(() => mistakesOf(problem, places.current.get(settled)), [problem, settled]);
  return { written, key, criteria, answer, counts, mistakes, problem, isAway, isBehind: answer !== undefined && answer.asked !== key };
}

/**
 * The rule to ask for: the one that is there, unless another is being counted. Then it waits for that one, as long as it may;
 * of those that wait only the newest is asked for, and whatever is asked for no longer is cancelled.
 */
function useTurn(key: string): string {
  const queries = useQueryClient();
  const [asked, setAsked] = useState(key);
  const newest = useRef(key);
  newest.current = key;
  const isWaiting = asked !== key;
  // While drawing, so that the request leaves with this frame and not with the next.
  if (isWaiting && queries.getQueryState(preview(JSON.parse(asked) as Criteria | null).queryKey)?.fetchStatus !== 'fetching') setAsked(key);
  useEffect(() => {
    if (!isWaiting) return undefined;
    const timer = setTimeout(() => setAsked(newest.current), TURN_MS);
    return () => clearTimeout(timer);
  }, [isWaiting, asked]);
  return asked;
}

/** Each mistake at the innermost node that its place lies in. */
function mistakesOf(problem: Problem | null, ids: Written['ids'] | undefined): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const mistake of problem?.mistakes ?? []) {
    const place = mistake.pointer.replace(/^\/criteria/, '');
    const inside = [...(ids?.keys() ?? [])].filter((pointer) => place === pointer || place.startsWith(`${pointer}/`));
    const deepest = inside.sort((a, b) => b.length - a.length)[0];
    const id = deepest === undefined ? undefined : ids?.get(deepest)?.[0];
    if (id !== undefined) found.set(id, [...(found.get(id) ?? []), saidOf(mistake)]);
  }
  return found;
}
