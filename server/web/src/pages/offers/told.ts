// When an offer begins, where it is and what it costs, in words.
import type { Offer } from '../../api/offers';
import { price } from '../../format/number';
import { dayAndTime } from '../../format/time';
import { offers as offersTexts } from '../../texts/en/offers';

export const whenTold = ({ starts_at }: Offer): string | undefined => (starts_at ? dayAndTime(starts_at) : undefined);

export const whereTold = ({ city, country }: Offer): string | undefined => [city, country].filter(Boolean).join(', ') || undefined;

export function priceTold({ price_min: min, price_max: max }: Offer): string | undefined {
  if (min == null || max == null) return undefined;
  return min === max ? price(min) : offersTexts.range(price(min), price(max));
}
