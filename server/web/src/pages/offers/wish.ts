// What is typed about an offer, and what that asks the server for.
import type { Offer, OfferWish } from '../../api/offers';
import { instantOf, shownAt } from '../../format/time';

export interface Typed {
  name: string;
  status: string;
  /** As the browser writes a moment: `2026-07-01T18:00`, in the zone of the tenant. */
  begins: string;
  genres: string[];
  types: string[];
  artists: string[];
  priceMin: string | number;
  priceMax: string | number;
  city: string;
  country: string;
  /** An id of one's own; only of a new one. */
  id: string | number;
}

/** An offer as it is typed; nothing without one. */
export const typedOf = (offer?: Offer): Typed => ({
  name: offer?.name ?? '',
  status: offer?.status ?? 'active',
  begins: offer?.starts_at ? shownAt(offer.starts_at) : '',
  genres: offer?.genres ?? [],
  types: offer?.event_types ?? [],
  artists: offer?.artists ?? [],
  priceMin: offer?.price_min ?? '',
  priceMax: offer?.price_max ?? '',
  city: offer?.city ?? '',
  country: offer?.country ?? '',
  id: '',
});

/** What is asked for. A beginning that was not touched keeps its seconds. */
export function wishOf(typed: Typed, offer?: Offer): OfferWish {
  const isUntouched = typed.begins === typedOf(offer).begins;
  const begins = isUntouched ? offer?.starts_at : typed.begins && instantOf(typed.begins);
  const number = (value: string | number) => (value === '' ? null : Number(value));
  return {
    ...(typed.id === '' ? {} : { id: Number(typed.id) }),
    name: typed.name.trim(),
    status: typed.status,
    starts_at: begins || null,
    genres: typed.genres,
    event_types: typed.types,
    artists: typed.artists,
    price_min: number(typed.priceMin),
    price_max: number(typed.priceMax),
    city: typed.city.trim() || null,
    country: typed.country.trim() || null,
  };
}
