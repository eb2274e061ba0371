// What tells one draft from another, in words that people read before they save.
import { audiences as audiencesTexts } from '../../texts/en/audiences';
import type { Draft, Side, SideName } from './draft';
import type { Names } from './names';
import { namedOf, shortened, valueTold } from './told';

export interface Change {
  /** What it is about: a heading. */
  about: string;
  lines: string[];
}

export function changesOf(before: Draft, after: Draft, names: Names): Change[] {
  const sides = (['include', 'exclude'] as const).map((side) => sideChange(side, before[side], after[side], names));
  return [...sides, ...valueChanges(before, after, names)].filter((change) => change.lines.length > 0);
}

function sideChange(side: SideName, before: Side, after: Side, names: Names): Change {
  const words = audiencesTexts;
  const lines = <T,>(was: T[], is: T[], told: (one: T) => string) => {
    const [added, removed] = [newIn(was, is), newIn(is, was)];
    return [...shortened(added.map(told)).map(words.changeAdded), ...shortened(removed.map(told)).map(words.changeRemoved)];
  };
  return {
    about: words.changes[side] ?? side,
    lines: [
      ...lines(before.segments, after.segments, names.segment),
      ...lines(before.lists, after.lists, names.list),
      ...lines(before.people, after.people, names.person),
    ],
  };
}

/** What is in a list that was not in the one before. */
const newIn = <T,>(before: T[], after: T[]): T[] => after.filter((one) => !before.includes(one));

/** The people by id whom `changesOf` names. */
export const peopleIn = (before: Draft, after: Draft): string[] =>
  (['include', 'exclude'] as const).flatMap((side) => {
    const [was, is] = [before[side].people, after[side].people];
    return [...namedOf(newIn(was, is)), ...namedOf(newIn(is, was))];
  });

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

function valueChanges(before: Draft, after: Draft, names: Names): Change[] {
  const words = audiencesTexts;
  return PLAIN.flatMap((key) => {
    const [from, to] = [told(before, key, names), told(after, key, names)];
    return from === to ? [] : [{ about: words.changes[key] ?? key, lines: [words.changeFromTo(from, to)] }];
  });
}

/** What the interface calls what is called otherwise in a draft. */
const KEYS: Partial<Record<(typeof PLAIN)[number], string>> = { match: 'include_match', ignored: 'ignore_suppressions' };

const told = (draft: Draft, key: (typeof PLAIN)[number], names: Names): string => valueTold(KEYS[key] ?? key, draft[key], names);

/** The share of the members from which on a change has to be confirmed, and the people it has to move at least. */
const MANY = { share: 0.2, people: 1_000 };

/** Whether so large a move is asked about. */
export function isLarge(before: number, after: number): boolean {
  const moved = Math.abs(after - before);
  return moved >= MANY.people && moved > MANY.share * before;
}
