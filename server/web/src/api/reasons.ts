// Why an offer fits somebody: seven reasons, in the order in which they are always told.

/** Reasons as their weights are called. */
export const REASONS = ['genre', 'type', 'artist', 'price', 'location', 'engagement', 'watchlist'] as const;

export type ReasonKey = (typeof REASONS)[number];

/** What answers call the reasons. */
const NAMES: Record<string, ReasonKey> = {
  genre_match: 'genre',
  type_match: 'type',
  artist_match: 'artist',
  price_fit: 'price',
  location_match: 'location',
  high_engagement: 'engagement',
  on_watchlist: 'watchlist',
};

/** The reason that an answer names; none that is not known here. */
export const reasonKey = (name: string): ReasonKey | undefined => NAMES[name];

/** What each of them is worth. */
export type Weights = Record<ReasonKey, number>;

/** What an answer says that each of them is worth. */
export const weightsOf = (told: { [key: string]: number }): Weights =>
  Object.fromEntries(REASONS.map((key) => [key, told[key] ?? 0])) as Weights;

/** What a reason of a score brings, of what it could. */
export interface Part {
  key: ReasonKey;
  value: number;
  most: number;
}

/** A score by its reasons: those that are worth something, in their order, with what each brings. */
export function partsOf(reasons: { reason: string; weight: number }[], weights: Weights): Part[] {
  const brought = new Map(reasons.map(({ reason, weight }) => [reasonKey(reason), weight]));
  return REASONS.filter((key) => weights[key] > 0 || brought.has(key)).map((key) => {
    const value = brought.get(key) ?? 0;
    return { key, value, most: Math.max(weights[key], value) };
  });
}
