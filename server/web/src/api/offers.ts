// Events for sale: what each is, whom it fits best and why, and how that is weighed.
import { queryOptions } from '@tanstack/react-query';

import { type Schemas, client, told } from './client';
import { LIVE_MS } from './live';

export type Offer = Schemas['OfferAnswer'];
export type OfferWish = Schemas['OfferRequest'];
export type Matching = Schemas['MatchingAnswer'];
export type Recommendations = Schemas['RecommendationsAnswer'];
export type Reason = Schemas['ReasonAnswer'];

/** Entries that one page of the server's lists may hold, and offers that there may be. */
const ALL = '10000';

/** Milliseconds for which the figure beside an offer of the list is not asked for again. */
const FIGURE_MS = 60_000;

/** All of them, in the order they were made. */
export const offers = queryOptions({
  queryKey: ['offers'],
  queryFn: async ({ signal }) => (await told(client.GET('/api/event-offers', { params: { query: { limit: ALL } }, signal }))).items,
});

export const offer = (id: number) =>
  queryOptions({
    queryKey: ['offer', id],
    queryFn: ({ signal }) => told(client.GET('/api/event-offers/{id}', { params: { path: { id } }, signal })),
    placeholderData: undefined,
  });

const recommended = (id: number, most: number, signal: AbortSignal) =>
  told(client.GET('/api/events/{id}/recommendations', { params: { path: { id }, query: { min_score: '1', limit: String(most) } }, signal }));

/**
 * The people whom an offer fits best, so many of them, how many have which score, and how many have which reason. Of
 * everybody who has a reason: those who reach a score are the first of them.
 */
export const bestFor = (id: number, most: number) =>
  queryOptions({
    queryKey: ['offer', id, 'best', most],
    queryFn: ({ signal }) => recommended(id, most, signal),
    refetchInterval: LIVE_MS,
  });

/** How many have which score, beside an offer of the list. */
export const figureOf = (id: number) =>
  queryOptions({
    queryKey: ['offer', id, 'figure'],
    queryFn: ({ signal }) => recommended(id, 1, signal),
    staleTime: FIGURE_MS,
    placeholderData: undefined,
  });

/** Saves one: a new one without an id, or with one of one's own that is free. */
export const addOffer = (wish: OfferWish) => told(client.POST('/api/event-offers', { body: wish }));

/** Saves one anew; what is left out is empty then. */
export const saveOffer = (id: number, wish: OfferWish) => told(client.PUT('/api/event-offers/{id}', { params: { path: { id } }, body: wish }));

export const deleteOffer = (id: number) => told(client.DELETE('/api/event-offers/{id}', { params: { path: { id } } }));

/** Keeps with the offer how many reach a score now, to compare later figures with. */
export const noteFigure = (id: number, least: number) =>
  told(client.POST('/api/events/{id}/generate-recommendations', { params: { path: { id } }, body: { min_score: least } }));

/** Makes a segment of whoever reaches a score: by the rule that this comes to, or of the people of now. */
export const segmentOf = (id: number, name: string, least: number, kind: 'dynamic' | 'static') =>
  told(client.POST('/api/events/{id}/create-segment', { params: { path: { id } }, body: { name, min_score: least, segment_type: kind } }));

/** How much each reason weighs, and which fields are asked. */
export const matching = queryOptions({
  queryKey: ['matching'],
  queryFn: ({ signal }) => told(client.GET('/api/matching/settings', { signal })),
});

/** Saves all of it; what is left out is as it was at first. */
export const saveMatching = (body: Schemas['MatchingRequest']) => told(client.PUT('/api/matching/settings', { body }));

/** Which offers fit somebody, of those that are on sale and have not begun. */
export const offersFor = (person: string, most: number) =>
  queryOptions({
    queryKey: ['person', person, 'offers', most],
    queryFn: ({ signal }) =>
      told(client.GET('/api/profiles/{id}/recommendations', { params: { path: { id: person }, query: { limit: String(most) } }, signal })),
    placeholderData: undefined,
  });
