import type { ReasonKey } from '../../api/reasons';

export const reasons = {
  names: {
    genre: 'Genre',
    type: 'Type',
    artist: 'Artist',
    price: 'Price',
    location: 'Place',
    engagement: 'Engaged',
    watchlist: 'Watchlist',
  } as Record<ReasonKey, string>,
  country: 'Country',
  part: (name: string, points: number) => `${name} ${points}`,
  none: 'No reason',
};
