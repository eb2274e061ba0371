// Rules to start from, made of the fields that are there.
// Another list may come from the server one day; these are what the page offers itself.
import type { Field } from '../../../api/rule';
import { type Catalog, kindOfType } from '../rule/catalog';
import type { Leaf } from '../rule/leaf';

export interface Example {
  /** Which words it has in `texts.builder.templates`. */
  key: string;
  /** A field whose values, above this percentile, the rule is about. */
  most?: { field: string; percentile: number };
  /** The rule; given the value of the percentile where there is one. */
  rule: (threshold: unknown) => Leaf;
}

/** The first field of a kind whose name is like one of these, the likeliest name first. */
function like(catalog: Catalog, kind: string, names: RegExp[]): Field | undefined {
  const fields = [...catalog.fields.values()].filter((field) => kindOfType(field.type) === kind && field.present > 0);
  return names.map((name) => fields.find((field) => name.test(field.name))).find((field) => field !== undefined);
}

export function examplesFor(catalog: Catalog): Example[] {
  const amount = like(catalog, 'number', [/spent|revenue|ltv|lifetime/i, /value|amount|total/i]);
  const times = like(catalog, 'number', [/(purchase|order|visit)s?_?(count|s)?$/i, /count/i]);
  const last = like(catalog, 'moment', [/last.*(purchase|order)/i, /last/i, /purchase|order|visit|seen|active/i]);
  const consent = like(catalog, 'bool', [/email.*consent|consent.*email/i, /consent|subscribed|opt/i]);
  const event = catalog.events.find((one) => one.events > 0);
  const examples: (Example | null)[] = [
    amount ? { key: 'valuable', most: { field: amount.name, percentile: 90 }, rule: (value) => ({ field: amount.name, operator: '>=', value: value as number }) } : null,
    last ? { key: 'recent', rule: () => ({ field: last.name, operator: 'within_days', value: 30 }) } : null,
    last ? { key: 'lapsed', rule: () => ({ field: last.name, operator: 'before_days', value: 180 }) } : null,
    amount && last
      ? {
          key: 'lost',
          most: { field: amount.name, percentile: 90 },
          rule: (value) => ({
            match: 'all',
            rules: [
              { field: amount.name, operator: '>=', value: value as number },
              { match: 'none', rules: [{ field: last.name, operator: 'within_days', value: 90 }] },
            ],
          }),
        }
      : null,
    times ? { key: 'frequent', most: { field: times.name, percentile: 75 }, rule: (value) => ({ field: times.name, operator: '>=', value: value as number }) } : null,
    consent ? { key: 'reachable', rule: () => ({ field: consent.name, operator: 'is', value: true }) } : null,
    event ? { key: 'active', rule: () => ({ event: event.name, operator: '>=', value: 2, within_days: 30 }) } : null,
  ];
  return examples.filter((one) => one !== null);
}
