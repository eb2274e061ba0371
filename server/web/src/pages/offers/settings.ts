// What is typed about how reasons weigh, and what that asks the server for.
import type { Schemas } from '../../api/client';
import type { Matching } from '../../api/offers';
import { REASONS, type ReasonKey, weightsOf } from '../../api/reasons';

type Numeric = string | number;

export interface Typed {
  weights: Record<ReasonKey, Numeric>;
  /** Empty: as much as the place. */
  country: Numeric;
  engagement: Numeric;
  tolerance: Numeric;
  /** Names of fields, by what they are asked for. */
  fields: Record<string, string>;
}

/** What each reason is worth before anybody says otherwise: the server's own. */
export const USUAL: Record<ReasonKey, number> = { genre: 25, type: 20, artist: 20, price: 15, location: 10, engagement: 5, watchlist: 5 };

/** The settings as they are typed. */
export const typedOf = (settings: Matching): Typed => ({
  weights: weightsOf(settings.weights),
  country: settings.country_weight === settings.weights.location ? '' : settings.country_weight,
  engagement: settings.engagement_min,
  tolerance: settings.price_tolerance_percent,
  fields: settings.fields,
});

/** The score of whoever has every reason; what is not typed yet counts nothing. */
export const greatest = (weights: Record<ReasonKey, Numeric>): number => REASONS.reduce((sum, key) => sum + Number(weights[key]), 0);

/** What is asked for. Everything is said: what is left out would be as it was at first. */
export function requestOf(typed: Typed): Schemas['MatchingRequest'] {
  const numbers = REASONS.map((key) => [key, Number(typed.weights[key])]);
  return {
    weights: Object.fromEntries(numbers) as Record<string, number>,
    ...(typed.country === '' ? {} : { country_weight: Number(typed.country) }),
    ...(typed.engagement === '' ? {} : { engagement_min: Number(typed.engagement) }),
    ...(typed.tolerance === '' ? {} : { price_tolerance_percent: Number(typed.tolerance) }),
    fields: typed.fields,
  };
}
