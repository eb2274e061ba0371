import { describe, expect, it } from 'vitest';

import type { Audience } from '../../api/audiences';
import { bodyOf, definitionOf, draftOf, emptyDraft, idsIn, isSame, withAdded, without } from './draft';

/** As the server answers a body: arrays of exclusions are always there. */
function saved(body: object): Audience {
  const blank = { name: '', description: '', tags: [], owner: '', include_match: 'any' };
  return { ...blank, exclude_segments: [], exclude_customers: [], exclude_lists: [], ...body } as unknown as Audience;
}

const full = {
  ...emptyDraft(),
  name: 'Win-back',
  tags: ['q1'],
  campaign: 7,
  match: 'all' as const,
  include: { segments: [1, 2], people: ['a'], lists: [3] },
  exclude: { segments: [4], people: ['123', '456'], lists: [] },
  channel: 'email',
  holdout: { percent: 5, salt: 'x' },
  split: { from: 0, to: 50, salt: 'y' },
  ignored: [9],
  ignoreReason: 'service message',
};

describe('a draft', () => {
  it('is nobody as long as nothing is chosen', () => {
    expect(definitionOf(emptyDraft()).include_segments).toEqual([]);
  });

  it('comes back from the server as it was', () => {
    expect(draftOf(saved(bodyOf(full, 'active')))).toEqual(full);
    const drafts = [
      { ...emptyDraft(), match: 'everyone' as const },
      { ...emptyDraft(), include: { segments: [], people: ['a'], lists: [] } },
      emptyDraft(),
    ];
    for (const draft of drafts) expect(draftOf(saved(bodyOf(draft, 'draft')))).toEqual(draft);
  });

  it('means everybody only when told so', () => {
    const keys = Object.keys(definitionOf({ ...full, match: 'everyone' }));
    expect(keys.filter((key) => key.startsWith('include'))).toEqual([]);
    expect(draftOf(saved({}))).toMatchObject({ match: 'everyone' });
  });

  it('does not send an intersection with no segment when people were chosen', () => {
    const people = { ...emptyDraft(), match: 'all' as const, include: { segments: [], people: ['a'], lists: [] } };
    expect(definitionOf(people)).not.toHaveProperty('include_segments');
  });

  it('is changed by what would be saved, and by nothing else', () => {
    expect(isSame(full, structuredClone(full))).toBe(true);
    expect(isSame(full, { ...full, exclude: without(full.exclude, { people: ['123'] }) })).toBe(false);
    expect(isSame(full, { ...full, match: 'any' })).toBe(false);
  });
});

it('a side has everything once', () => {
  const side = withAdded(full.include, { segments: [2, 5], people: ['a', 'b'] });
  expect(side).toEqual({ segments: [1, 2, 5], people: ['a', 'b'], lists: [3] });
});

it('ids may be pasted from anywhere', () => {
  expect(idsIn(' 123, 456;789\n123\tc1 ')).toEqual(['123', '456', '789', 'c1']);
});
