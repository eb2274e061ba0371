import { expect, it } from 'vitest';

import { changesOf, isLarge, peopleIn } from './changes';
import { emptyDraft } from './draft';
import type { Names } from './names';

const names = { segment: (id: number) => `Segment ${id}`, list: (id: number) => `List ${id}`, person: (id: string) => `Person ${id}`, suppression: (id: number) => `Suppression ${id}` } as Names;

it('what saving changes is told in words, and nothing else is', () => {
  const before = { ...emptyDraft(), name: 'A', include: { segments: [1, 2], people: [], lists: [] } };
  const after = {
    ...before,
    include: { segments: [2, 3], people: [], lists: [] },
    exclude: { segments: [], people: ['123'], lists: [9] },
    channel: 'email',
  };
  expect(changesOf(before, after, names)).toEqual([
    { about: 'Include', lines: ['+ Segment 3', '− Segment 1'] },
    { about: 'Exclude', lines: ['+ List 9', '+ Person 123'] },
    { about: 'Reached by', lines: ['nothing → email'] },
  ]);
  expect(changesOf(before, before, names)).toEqual([]);
  expect(peopleIn(before, after)).toEqual(['123']);
});

it('values are told as people know them', () => {
  const before = emptyDraft();
  const after = { ...before, match: 'all' as const, holdout: { percent: 5, salt: 'spring' }, split: { from: 0, to: 50, salt: 'ab' }, ignored: [3] };
  expect(changesOf(before, after, names).map(({ lines }) => lines[0])).toEqual([
    'In any of these → In all of these',
    'nothing → 5%, drawn by the word “spring”',
    'nothing → 0–50%, drawn by the word “ab”',
    'nothing → Suppression 3',
  ]);
});

it('many ids are told as so many', () => {
  const many = Array.from({ length: 30 }, (_, i) => String(i));
  const after = { ...emptyDraft(), exclude: { segments: [], people: many, lists: [] } };
  expect(changesOf(emptyDraft(), after, names)[0]?.lines.at(-1)).toBe('+ 22 more');
});

it('a move of a fifth, and of a thousand people, is asked about', () => {
  expect(isLarge(10_000, 7_999)).toBe(true);
  expect(isLarge(10_000, 8_000)).toBe(false);
  expect(isLarge(1_000, 1)).toBe(false);
});
