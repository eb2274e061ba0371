// An audience while it is put together, and how it becomes what is sent and comes from what is saved.
import type { Schemas } from '../../api/client';
import type { Audience, AudienceBody } from '../../api/audiences';

/** Whom the include side means: whoever is in any of its segments, in all of them, or everybody. */
export type Match = 'any' | 'all' | 'everyone';

export interface Side {
  segments: number[];
  people: string[];
  lists: number[];
}

export type SideName = 'include' | 'exclude';

export interface Draft {
  name: string;
  description: string;
  tags: string[];
  owner: string;
  campaign: number | null;
  match: Match;
  include: Side;
  exclude: Side;
  channel: string | null;
  holdout: Schemas['ShareAnswer'] | null;
  split: Schemas['RangeAnswer'] | null;
  /** Suppressions that are not to hold. */
  ignored: number[];
  ignoreReason: string;
}

const noSide = (): Side => ({ segments: [], people: [], lists: [] });

/** One that says nothing yet: nobody, rather than everybody by omission. */
export const emptyDraft = (): Draft => ({
  name: '',
  description: '',
  tags: [],
  owner: '',
  campaign: null,
  match: 'any',
  include: noSide(),
  exclude: noSide(),
  channel: null,
  holdout: null,
  split: null,
  ignored: [],
  ignoreReason: '',
});

/** What of an answer makes a draft; a version of an audience has the same. */
type Saved = Pick<
  Audience,
  | 'name'
  | 'description'
  | 'tags'
  | 'owner'
  | 'campaign_id'
  | 'include_match'
  | 'include_segments'
  | 'include_customers'
  | 'include_lists'
  | 'exclude_segments'
  | 'exclude_customers'
  | 'exclude_lists'
  | 'channel'
  | 'holdout'
  | 'split'
  | 'ignore_suppressions'
  | 'ignore_reason'
>;

export function draftOf(saved: Saved): Draft {
  const isEveryone = !saved.include_segments && !saved.include_customers && !saved.include_lists;
  return {
    name: saved.name,
    description: saved.description,
    tags: saved.tags,
    owner: saved.owner,
    campaign: saved.campaign_id ?? null,
    match: isEveryone ? 'everyone' : saved.include_match === 'all' ? 'all' : 'any',
    include: {
      segments: saved.include_segments ?? [],
      people: saved.include_customers ?? [],
      lists: saved.include_lists ?? [],
    },
    exclude: { segments: saved.exclude_segments, people: saved.exclude_customers, lists: saved.exclude_lists },
    channel: saved.channel ?? null,
    holdout: saved.holdout ?? null,
    split: saved.split ?? null,
    ignored: saved.ignore_suppressions ?? [],
    ignoreReason: saved.ignore_reason ?? '',
  };
}

/** Who is to be in it, without what it is called: the part that is counted. */
export function definitionOf(draft: Draft): AudienceBody {
  const { include, exclude } = draft;
  const body: AudienceBody = {
    exclude_segments: exclude.segments,
    exclude_customers: exclude.people,
    exclude_lists: exclude.lists,
  };
  if (draft.match !== 'everyone') {
    body.include_match = draft.match;
    if (include.people.length > 0) body.include_customers = include.people;
    if (include.lists.length > 0) body.include_lists = include.lists;
    // A key that is there and holds nothing means nobody; without any key it would mean everybody.
    const isAlone = include.people.length === 0 && include.lists.length === 0;
    if (include.segments.length > 0 || isAlone) body.include_segments = include.segments;
  }
  if (draft.channel) body.channel = draft.channel;
  if (draft.holdout) body.holdout = draft.holdout;
  if (draft.split) body.split = draft.split;
  if (draft.ignored.length > 0) {
    body.ignore_suppressions = draft.ignored;
    body.ignore_reason = draft.ignoreReason;
  }
  return body;
}

/** All that is saved. */
export function bodyOf(draft: Draft, status: string): AudienceBody {
  return {
    ...definitionOf(draft),
    name: draft.name.trim(),
    description: draft.description,
    tags: draft.tags,
    owner: draft.owner,
    status,
    ...(draft.campaign === null ? {} : { campaign_id: draft.campaign }),
  };
}

/** Whether two drafts would be saved as the same. */
export const isSame = (a: Draft, b: Draft): boolean =>
  JSON.stringify(bodyOf(a, '')) === JSON.stringify(bodyOf(b, ''));

/** What is not complete enough to be counted: a reason is asked for before suppressions are set aside. */
export const lacksReason = (draft: Draft): boolean => draft.ignored.length > 0 && draft.ignoreReason.trim() === '';

/** Ids as people type or paste them: separated by commas, semicolons, blanks or lines. */
export const idsIn = (text: string): string[] => [...new Set(text.split(/[\s,;]+/).filter((id) => id !== ''))];

/** A side with something added; what is there already stays once. */
export function withAdded(side: Side, added: Partial<Side>): Side {
  const union = <T,>(before: T[], more: T[] = []) => [...new Set([...before, ...more])];
  return {
    segments: union(side.segments, added.segments),
    people: union(side.people, added.people),
    lists: union(side.lists, added.lists),
  };
}

export function without(side: Side, gone: Partial<Side>): Side {
  const rest = <T,>(before: T[], out: T[] = []) => before.filter((one) => !out.includes(one));
  return {
    segments: rest(side.segments, gone.segments),
    people: rest(side.people, gone.people),
    lists: rest(side.lists, gone.lists),
  };
}
