import { expect, it } from 'vitest';

import { changesOf, isLarge } from './changes';
import { emptyDraft } from './draft';
import type { Names } from './names';

const names = { segment: (id: number) => `Segment ${id}`, list: (id: number) => `List ${id}` } as Names;

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
    { about: 'Exclude', lines: ['+ List 9', '+ 123'] },
    { about: 'Reached by', lines: ['nothing → email'] },
  ]);
  expect(changesOf(before, before, names)).toEqual([]);
});

it('many ids are told as so many', () => {
  const many = Array.from({ length: 30 }, (_, i) => String(i));
  const after = { ...emptyDraft(), exclude: { segments: [], people: many, lists: [] } };
  expect(changesOf(emptyDraft(), after, names)[0]?.lines.at(-1)).toBe('+ and 22 more');
});

it('a move of a fifth, and of a thousand people, is asked about', () => {
  expect(isLarge(10_000, 7_999)).toBe(true);
  expect(isLarge(10_000, 8_000)).toBe(false);
  expect(isLarge(1_000, 1)).toBe(false);
});
