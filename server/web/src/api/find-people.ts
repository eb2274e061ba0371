// People by what somebody types: an id, or a part of a text that identifies few.
import { queryOptions } from '@tanstack/react-query';

import { type Schemas, client, told } from './client';

/** People that are offered at most. */
const OFFERED = 8;
/** Fields that are looked into at most. */
const FIELDS_MAX = 8;
/** What fields are called that name a person. */
const NAMING = /name|mail|phone|login|handle/i;

/** Fields worth looking into: texts that are called as names are. */
export const namingFields = (fields: Schemas['FieldAnswer'][]): string[] =>
  fields
    .filter((field) => field.type === 'keyword' && NAMING.test(field.name))
    .sort((a, b) => b.distinct - a.distinct)
    .slice(0, FIELDS_MAX)
    .map((field) => field.name);

/** The rule for what is typed: every word is the id or begins one of the fields, in either case of its first letter. */
export function searchRule(text: string, fields: string[]) {
  const words = text.trim().split(/\s+/);
  const cased = (word: string) => [...new Set([word, word.charAt(0).toUpperCase() + word.slice(1), word.toLowerCase()])];
  const begins = (word: string) => [
    { field: 'id', operator: 'is', value: word },
    ...fields.flatMap((field) => cased(word).map((value) => ({ field, operator: 'starts_with', value }))),
  ];
  return { match: 'all', rules: words.map((word) => ({ match: 'any', rules: begins(word) })) };
}

/** The first people that what is typed may mean. */
export const foundPeople = (text: string, fields: string[]) =>
  queryOptions({
    queryKey: ['found-people', text.trim(), fields],
    queryFn: ({ signal }) => {
      const body = { criteria: searchRule(text, fields) as never, sample: OFFERED };
      return told(client.POST('/api/segments/preview', { body, signal }));
    },
    enabled: text.trim() !== '',
  });
