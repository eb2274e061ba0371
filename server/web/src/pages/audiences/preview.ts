// The live total: asked for once somebody pauses, never an answer to an earlier question, and never a blank.
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';

import { type Audience, type AudiencePreview, type Breakdown, audiencePreview } from '../../api/audiences';
import { type Draft, definitionOf, lacksReason } from './draft';
import { byNumber } from './sums';

/** Milliseconds without a change after which the total is asked for. */
const PAUSE_MS = 120;
/** Members that are shown. */
export const SAMPLE = 10;

export interface Total {
  count: number;
  breakdown: Breakdown;
  population: number;
  now: string;
  took_us: number;
  sample: AudiencePreview['sample'];
}

export interface Live {
  /** The newest total there is; of an earlier definition while `isCurrent` is false. */
  total: Total | undefined;
  /** Whether the total is that of what stands on the page. */
  isCurrent: boolean;
  error: Error | null;
  retry: () => void;
}

/** The total of a draft. Groups with priorities count only for what is saved, so that what is saved says so itself. */
export function useLive(draft: Draft, saved: Audience | null, isChanged: boolean): Live {
  const countable = lacksReason(draft) ? { ...draft, ignored: [] } : draft;
  const text = JSON.stringify(definitionOf(countable));
  const [asked] = useDebouncedValue(text, PAUSE_MS);
  const query = useQuery(audiencePreview(JSON.parse(asked), SAMPLE));
  const answer = query.data;
  const kept = !isChanged && typeof saved?.count === 'number' ? saved.breakdown : null;
  const told: Total | undefined =
    saved && kept
      ? {
          ...saved,
          count: saved.count ?? 0,
          breakdown: byNumber(kept, saved.include_segments ?? [], saved.exclude_segments ?? []),
          sample: answer?.sample ?? [],
        }
      : answer;
  // A refusal takes the answer away, but not the figure.
  const last = useRef<Total | undefined>(undefined);
  useEffect(() => {
    if (told) last.current = told;
  }, [told]);
  const isAnswered = asked === text && query.isSuccess && !query.isPlaceholderData;
  return {
    total: told ?? last.current,
    isCurrent: Boolean(kept) || isAnswered,
    error: query.error,
    retry: () => void query.refetch(),
  };
}
