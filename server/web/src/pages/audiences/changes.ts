// What tells one draft from another, in words that people read before they save.
import { audiences as audiencesTexts } from '../../texts/en/audiences';
import type { Draft, Side, SideName } from './draft';
import type { Names } from './names';

export interface Change {
  /** What it is about: a heading. */
  about: string;
  lines: string[];
}

/** Ids that a line names; of more it says how many. */
const NAMED = 8;

export function changesOf(before: Draft, after: Draft, names: Names): Change[] {
  const sides = (['include', 'exclude'] as const).map((side) => sideChange(side, before[side], after[side], names));
  return [...sides, ...valueChanges(before, after)].filter((change) => change.lines.length > 0);
}

function sideChange(side: SideName, before: Side, after: Side, names: Names): Change {
  const words = audiencesTexts;
  const lines = <T,>(was: T[], is: T[], told: (one: T) => string) => {
    const added = is.filter((one) => !was.includes(one)).map(told);
    const removed = was.filter((one) => !is.includes(one)).map(told);
    return [...short(added).map(words.changeAdded), ...short(removed).map(words.changeRemoved)];
  };
  return {
    about: words.changes[side] ?? side,
    lines: [
      ...lines(before.segments, after.segments, names.segment),
      ...lines(before.lists, after.lists, names.list),
      ...lines(before.people, after.people, (id) => id),
    ],
  };
}

const short = (told: string[]) =>
  told.length <= NAMED ? told : [...told.slice(0, NAMED), audiencesTexts.morePeople(told.length - NAMED)];

const PLAIN = [
  'name',
  'description',
  'tags',
  'owner',
  'campaign',
  'match',
  'channel',
  'holdout',
  'split',
  'ignored',
  'ignoreReason',
] as const;

function valueChanges(before: Draft, after: Draft): Change[] {
  const words = audiencesTexts;
  return PLAIN.flatMap((key) => {
    const [from, to] = [told(before, key), told(after, key)];
    return from === to ? [] : [{ about: words.changes[key] ?? key, lines: [words.changeFromTo(from, to)] }];
  });
}

function told(draft: Draft, key: (typeof PLAIN)[number]): string {
  const words = audiencesTexts;
  if (key === 'match') return words.matches[draft.match] ?? draft.match;
  if (key === 'holdout') return draft.holdout ? `${draft.holdout.percent} % (${draft.holdout.salt})` : words.nothing;
  if (key === 'split') return draft.split ? `${draft.split.from}–${draft.split.to} % (${draft.split.salt})` : words.nothing;
  const value = draft[key];
  const text = Array.isArray(value) ? value.join(', ') : String(value ?? '');
  return text === '' ? words.nothing : text;
}

/** The share of the members from which on a change has to be confirmed, and the people it has to move at least. */
const MANY = { share: 0.2, people: 1_000 };

/** Whether so large a move is asked about. */
export function isLarge(before: number, after: number): boolean {
  const moved = Math.abs(after - before);
  return moved >= MANY.people && moved > MANY.share * before;
}
