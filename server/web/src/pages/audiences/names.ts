// What things that audiences refer to by number are called, and how large they are.
import { useQuery } from '@tanstack/react-query';

import type { Schemas } from '../../api/client';
import type { WaterfallStep } from '../../api/audiences';
import { suppressions } from '../../api/gates';
import { type List, lists } from '../../api/lists';
import { dashboard } from '../../api/overview';
import { audiences as audiencesTexts } from '../../texts/en/audiences';
import type { Source } from './sums';

export interface Names {
  segments: Map<number, Schemas['DashboardSegment']>;
  lists: Map<number, List>;
  segment: (id: number) => string;
  list: (id: number) => string;
  suppression: (id: number) => string;
  /** Of somebody known by an id; that id itself where nobody asked what they are called. */
  person: (id: string) => string;
  source: (source: Source) => string;
  step: (step: WaterfallStep) => string;
  reason: (reason: string, name: string) => string;
}

const mapOf = <T extends { id: number }>(items: T[] | undefined) => new Map((items ?? []).map((item) => [item.id, item]));

export function useNames(): Names {
  const words = audiencesTexts;
  const segments = mapOf(useQuery(dashboard).data?.segments);
  const known = mapOf(useQuery(lists).data);
  const kept = mapOf(useQuery(suppressions).data);
  const segment = (id: number) => segments.get(id)?.name ?? words.segmentNumber(id);
  // A segment that was saved by its name is called by it.
  const called = (key: string) => (/^\d+$/.test(key) ? segment(Number(key)) : key);
  const list = (id: number) => known.get(id)?.name ?? words.listNumber(id);
  const suppression = (id: number) => kept.get(id)?.name ?? String(id);
  const reason = (code: string, name: string) => {
    const [kind = '', key = ''] = code.split(/:(.*)/s);
    const id = Number(key);
    if (kind === 'excluded_segment') return called(key);
    if (kind === 'excluded_list') return list(id);
    if (kind === 'excluded_customers') return words.kinds.customers ?? kind;
    if (kind === 'suppression') return words.suppressedBy(name || suppression(id));
    return words.gateNames[kind]?.(name) ?? (name || code);
  };
  return {
    segments,
    lists: known,
    segment,
    list,
    suppression,
    person: (id) => id,
    reason,
    source: ({ kind, key }) => {
      if (kind === 'segment') return called(key);
      if (kind === 'list') return list(Number(key));
      return words.kinds[kind] ?? kind;
    },
    // The kind is told by where it stands; there is little room beside a bar.
    step: (step) => (step.kind === 'suppression' && step.name ? step.name : reason(step.reason, step.name)),
  };
}
