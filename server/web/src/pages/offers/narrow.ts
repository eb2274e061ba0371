// Which offers of the list are shown, and in which order. There are few enough of them to look through here.
import type { Offer } from '../../api/offers';

export const KINDS = ['ahead', 'over', 'draft', 'archived', 'all'] as const;

/** To come, over, not on sale yet, put away, or all of them. */
export type Kind = (typeof KINDS)[number];

/** What an offer is now. What has no beginning does not end. */
export function kindOf(offer: Pick<Offer, 'status' | 'starts_at'>, now: Date): Exclude<Kind, 'all'> {
  if (offer.status === 'draft' || offer.status === 'archived') return offer.status;
  return offer.starts_at && new Date(offer.starts_at) <= now ? 'over' : 'ahead';
}

const wordsOf = ({ name, city, country, genres, event_types, artists }: Offer) =>
  [name, city, country, ...genres, ...event_types, ...artists].filter(Boolean).join(' ').toLowerCase();

const begins = (offer: Offer) => (offer.starts_at ? new Date(offer.starts_at).getTime() : Number.POSITIVE_INFINITY);

/** The offers of a kind that have every word, the next one first; of those that are over the last one. */
export function narrowed(offers: Offer[], kind: Kind, text: string, now: Date): Offer[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (offer: Offer) => {
    const said = wordsOf(offer);
    return (kind === 'all' || kindOf(offer, now) === kind) && words.every((word) => said.includes(word));
  };
  const way = kind === 'over' ? -1 : 1;
  const order = (a: Offer, b: Offer) => (begins(a) === begins(b) ? a.id - b.id : way * (begins(a) < begins(b) ? -1 : 1));
  return offers.filter(fits).sort(order);
}
