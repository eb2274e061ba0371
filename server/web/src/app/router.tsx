// Which address shows which page. Each page is a script of its own, loaded when somebody goes there or points at the link.
// All but the home page lie below /app: the server answers every such address with the page, and no other.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';

import { Broken, NotFound } from './failure';
import type { Narrowed } from '../parts/filters';
import { Gate } from '../pages/sign-in/gate';
import { Shell } from './shell';

const root = createRootRoute({
  component: () => (
    <Gate>
      <Shell />
    </Gate>
  ),
  notFoundComponent: NotFound,
});

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('../pages/home/home'), 'Home'),
});

/** What of an address's query is a word; anything else is as if it were not there. */
const word = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

/** What of an address's query was typed or names something: digits, and what looks like a value, are words too. */
const identifier = (value: unknown) => (typeof value === 'number' || typeof value === 'boolean' ? String(value) : word(value));

/** What of an address's query narrows a list. */
const narrowed = (query: Record<string, unknown>): Narrowed => ({
  q: identifier(query.q),
  status: word(query.status),
  tag: identifier(query.tag),
  sort: word(query.sort),
});

const segments = createRoute({
  getParentRoute: () => root,
  path: '/app/segments',
  validateSearch: narrowed,
  component: lazyRouteComponent(() => import('../pages/segments/list'), 'SegmentList'),
});

const newSegment = createRoute({
  getParentRoute: () => root,
  path: '/app/segments/new',
  validateSearch: (query: Record<string, unknown>): { copy?: string; kind?: 'list' | 'alike'; rule?: string } => ({
    copy: identifier(query.copy),
    kind: query.kind === 'list' || query.kind === 'alike' ? query.kind : undefined,
    rule: word(query.rule),
  }),
  component: lazyRouteComponent(() => import('../pages/segments/edit/new'), 'NewSegment'),
});

const segment = createRoute({
  getParentRoute: () => root,
  path: '/app/segments/$id',
  validateSearch: (query: Record<string, unknown>): { tab?: string; compare?: number } => ({
    tab: word(query.tab),
    compare: typeof query.compare === 'number' ? query.compare : undefined,
  }),
  component: lazyRouteComponent(() => import('../pages/segments/edit/segment'), 'SegmentPage'),
});

const audiences = createRoute({
  getParentRoute: () => root,
  path: '/app/audiences',
  validateSearch: narrowed,
  component: lazyRouteComponent(() => import('../pages/audiences/list'), 'AudienceList'),
});

const newAudience = createRoute({
  getParentRoute: () => root,
  path: '/app/audiences/new',
  component: lazyRouteComponent(() => import('../pages/audiences/editor'), 'NewAudience'),
});

export interface AudienceSearch {
  /** The part of the page. */
  tab?: string;
  /** Of those taken out: why. */
  reason?: string;
  /** The two snapshots or versions that are compared. */
  from?: number;
  to?: number;
}

/** What of an address's query is a whole number. */
const whole = (value: unknown) => (typeof value === 'number' && Number.isInteger(value) ? value : undefined);

/** What of an address's query is a number. */
const number = (value: unknown) => (typeof value === 'number' ? value : undefined);

const audience = createRoute({
  getParentRoute: () => root,
  path: '/app/audiences/$id',
  validateSearch: (query: Record<string, unknown>): AudienceSearch => ({
    tab: word(query.tab),
    reason: word(query.reason),
    from: number(query.from),
    to: number(query.to),
  }),
  component: lazyRouteComponent(() => import('../pages/audiences/editor'), 'SavedAudience'),
});

export interface OffersSearch {
  q?: string;
  /** To come, over, drafts and so on. */
  kind?: string;
}

const offers = createRoute({
  getParentRoute: () => root,
  path: '/app/offers',
  validateSearch: (query: Record<string, unknown>): OffersSearch => ({ q: identifier(query.q), kind: word(query.kind) }),
  component: lazyRouteComponent(() => import('../pages/offers/list'), 'OfferList'),
});

const scoring = createRoute({
  getParentRoute: () => root,
  path: '/app/offers/scoring',
  component: lazyRouteComponent(() => import('../pages/offers/scoring'), 'Scoring'),
});

export interface OfferSearch {
  /** The lowest score, and how many of the best are shown. */
  least?: number;
  most?: number;
}

const offer = createRoute({
  getParentRoute: () => root,
  path: '/app/offers/$id',
  validateSearch: (query: Record<string, unknown>): OfferSearch => ({ least: whole(query.least), most: whole(query.most) }),
  component: lazyRouteComponent(() => import('../pages/offers/offer'), 'OfferPage'),
});

export interface PeopleSearch {
  q?: string;
  rule?: string;
  columns?: string;
}

const people = createRoute({
  getParentRoute: () => root,
  path: '/app/people',
  validateSearch: (query: Record<string, unknown>): PeopleSearch => ({
    q: identifier(query.q),
    rule: word(query.rule),
    columns: word(query.columns),
  }),
  component: lazyRouteComponent(() => import('../pages/people/people'), 'People'),
});

export interface PersonSearch {
  segment?: number;
  audience?: number;
  type?: string;
}

const person = createRoute({
  getParentRoute: () => root,
  path: '/app/people/$id',
  validateSearch: (query: Record<string, unknown>): PersonSearch => ({
    segment: whole(query.segment),
    audience: whole(query.audience),
    type: word(query.type),
  }),
  component: lazyRouteComponent(() => import('../pages/people/person'), 'Person'),
});

export interface DataSearch {
  tab?: string;
  field?: string;
  /** What is searched for among the fields. */
  q?: string;
}

const data = createRoute({
  getParentRoute: () => root,
  path: '/app/data',
  validateSearch: (query: Record<string, unknown>): DataSearch => ({ tab: word(query.tab), field: word(query.field), q: identifier(query.q) }),
  component: lazyRouteComponent(() => import('../pages/data/data'), 'Data'),
});

export interface SettingsSearch {
  tab?: string;
  /** Of the audit: the first day, which entries, and what is searched for. */
  from?: string;
  which?: string;
  q?: string;
}

const settings = createRoute({
  getParentRoute: () => root,
  path: '/app/settings',
  validateSearch: (query: Record<string, unknown>): SettingsSearch => ({
    tab: word(query.tab),
    from: word(query.from),
    which: word(query.which),
    q: identifier(query.q),
  }),
  component: lazyRouteComponent(() => import('../pages/settings/settings'), 'Settings'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    segments,
    newSegment,
    segment,
    audiences,
    newAudience,
    audience,
    offers,
    scoring,
    offer,
    people,
    person,
    data,
    settings,
  ]),
  defaultPreload: 'intent',
  defaultErrorComponent: Broken,
  defaultNotFoundComponent: NotFound,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
