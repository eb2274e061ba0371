// What follows from how many have which score, and which reasons somebody can have.
import { REASONS, type ReasonKey, type Weights, reasonKey } from '../../api/reasons';

interface ScoreCount {
  score: number;
  count: number;
}

interface Factor {
  reason: string;
  weight: number;
  count: number;
}

/** Of the greatest score that can be reached, what is asked for at first: a good fit, and not only the best. */
const USUAL_SHARE = 0.6;

/** How many have a score or a higher one. */
export const reaching = (distribution: ScoreCount[], least: number): number =>
  distribution.reduce((sum, { score, count }) => (score >= least ? sum + count : sum), 0);

/** How many reach each score from 1 to the greatest: the corners of the curve, both its ends, and the chosen score. */
export function curveOf(distribution: ScoreCount[], greatest: number, least: number): { from: number; count: number }[] {
  const corners = distribution.flatMap(({ score }) => [score, score + 1]).filter((score) => score > 1 && score < greatest);
  return [...new Set([1, ...corners, least, greatest])].sort((a, b) => a - b).map((from) => ({ from, count: reaching(distribution, from) }));
}

/** The score of somebody who has every reason that people can have. Nobody lives in the city and only in the country. */
export function mostReachable(factors: Factor[]): number {
  const best = new Map<string, number>();
  for (const { reason, weight } of factors) best.set(reason, Math.max(best.get(reason) ?? 0, weight));
  return [...best.values()].reduce((sum, weight) => sum + weight, 0);
}

/** The lowest score that is asked for before anybody has chosen one. */
export const usualLeast = (factors: Factor[]): number => Math.max(1, Math.round(USUAL_SHARE * mostReachable(factors)));

/** One line of what reasons bring: by a weight, to so many people; to none where the offer or the data cannot say. */
export interface Brought {
  key: ReasonKey;
  weight: number;
  /** None where nobody can have it. */
  count: number | undefined;
  /** Of living there: whether only the country is the same. */
  isCountry: boolean;
}

/** What each reason brings, in their order; those that are worth nothing are left out. */
export function broughtBy(factors: Factor[], weights: Weights): Brought[] {
  return REASONS.flatMap((key): Brought[] => {
    const those = factors.filter((factor) => reasonKey(factor.reason) === key);
    if (those.length === 0) return weights[key] > 0 ? [{ key, weight: weights[key], count: undefined, isCountry: false }] : [];
    return those.map(({ weight, count }) => ({ key, weight, count, isCountry: those.length > 1 && weight < weights[key] }));
  });
}
