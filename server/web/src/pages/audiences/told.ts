// What an audience says, in words: values as the server and a draft have them.
import { audiences as audiencesTexts } from '../../texts/en/audiences';
import type { Names } from './names';

/** Entries that a line names; of more it says how many. */
const NAMED = 8;

/** So many of a list as are named one by one. */
export const namedOf = <T>(all: readonly T[]): T[] => all.slice(0, NAMED);

/** The entries that are named, and how many more there are; `total` where the list itself is cut. */
export function shortened(told: string[], total = told.length): string[] {
  const named = namedOf(told);
  return total > named.length ? [...named, audiencesTexts.manyMore(total - named.length)] : named;
}

interface Share {
  percent?: number;
  from?: number;
  to?: number;
  salt?: string;
}

/** A value of an attribute or a setting in one line, by its name in the interface. */
export function valueTold(key: string, value: unknown, names: Names): string {
  const words = audiencesTexts;
  const isNothing = value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
  if (isNothing) return words.nothing;
  if (key === 'include_match') return words.matches[String(value)] ?? String(value);
  if (key === 'status') return words.statuses[String(value)] ?? String(value);
  if (key === 'ignore_suppressions') return (value as unknown[]).map((one) => names.suppression(Number(one))).join(', ');
  if (key === 'holdout' || key === 'split') return shareTold(value as Share);
  return Array.isArray(value) ? value.map(String).join(', ') : String(value);
}

function shareTold({ percent, from = 0, to = 100, salt = '' }: Share): string {
  return audiencesTexts.drawn(percent === undefined ? `${from}–${to}%` : `${percent}%`, salt);
}
