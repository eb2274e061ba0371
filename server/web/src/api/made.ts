// Segments that are no rules: people by their ids, and people who are like others.
import { queryOptions } from '@tanstack/react-query';

import { type Schemas, client, told } from './client';

/** How alike, or how many: one of the three. */
export type Aim = { size: number } | { share: number } | { min_similarity: number };

export interface AlikeWish {
  source: number;
  aim: Aim;
  include_source: boolean;
}

/** A trait of a model. What of it the caller may not see is left out. */
export interface Trait {
  field: string;
  text?: string;
  weight: number;
  source_share?: number;
  others_share?: number;
}

/** People at a similarity or a higher one. */
export interface Reach {
  similarity: number;
  count: number;
}

/** How well a training without a fifth of the source finds that fifth. */
export interface HoldOut {
  held_out: number;
  size: number;
  recovered: number;
  by_chance: number;
  lift: number | null;
}

const body = ({ source, aim, include_source }: AlikeWish) => ({ source: source as never, include_source, ...aim });

/** Whom a look-alike segment would hold, and why. */
export const alikePreview = (wish: AlikeWish | null) =>
  queryOptions({
    queryKey: ['alike', wish],
    queryFn: async ({ signal }) => {
      const answer = await told(client.POST('/api/segments/lookalike/preview', { body: body(wish as AlikeWish), signal }));
      return {
        ...answer,
        traits: answer.lookalike.features as unknown as Trait[],
        reach: answer.reach as unknown as Reach[],
        hold_out: (answer.hold_out ?? null) as HoldOut | null,
        skipped: answer.skipped as unknown as { field: string; why: string }[],
      };
    },
    enabled: wish !== null,
    retry: false,
    staleTime: 60_000,
  });

type Made = Promise<Schemas['SegmentAnswer']>;

export const makeAlike = (name: string, wish: AlikeWish): Made =>
  told(client.POST('/api/segments', { body: { name, segment_type: 'lookalike', ...body(wish) } }));

/** Where the people of a list come from: ids, an imported list, or whoever is in a segment or an audience now. */
export type ListSource = { customers: string[] } | { from_list: number } | { from_segment: number } | { from_audience: number };

export const makeList = (name: string, source: ListSource): Made =>
  told(client.POST('/api/segments', { body: { name, segment_type: 'static', ...source } as never }));
