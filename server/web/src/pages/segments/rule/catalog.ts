// What a rule can speak of, by the names it is searched by: fields, events, other segments.
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';

import type { Schemas } from '../../../api/client';
import { dashboard, schema } from '../../../api/overview';
import { type EventSchema, type Field, eventSchema } from '../../../api/rule';
import { builder as builderTexts } from '../../../texts/en/builder';

export interface Catalog {
  fields: Map<string, Field>;
  /** What the external id is called. */
  id: { name: string; operators: string[] };
  events: EventSchema['types'];
  properties: EventSchema['properties'];
  segments: Pick<Schemas['DashboardSegment'], 'id' | 'name' | 'count'>[];
  population: number;
}

/** Everything there is to choose; none while it is not known. `self` is the segment that is edited, which cannot name itself. */
export function useCatalog(self: number | null): Catalog | null {
  const fields = useQuery(schema).data;
  const events = useQuery(eventSchema).data;
  const segments = useQuery(dashboard).data?.segments;
  return useMemo(() => {
    if (!fields) return null;
    const id = fields.id_field as unknown as { name?: string; operators?: string[] };
    return {
      fields: new Map(fields.fields.map((field) => [field.name, field])),
      id: { name: id.name ?? 'id', operators: id.operators ?? ['is', 'in', 'not_in'] },
      events: events?.types ?? [],
      properties: events?.properties ?? [],
      segments: (segments ?? []).filter((one) => one.id !== self),
      population: fields.population,
    };
  }, [fields, events, segments, self]);
}

/** The type without its scale: `decimal(2)` is `decimal`. */
export const plainType = (type: string): string => type.replace(/\(.*$/, '');

export type Kind = 'number' | 'moment' | 'word' | 'set' | 'bool' | 'id';

export function kindOfType(type: string): Kind {
  switch (plainType(type)) {
    case 'int':
    case 'float':
    case 'decimal':
      return 'number';
    case 'time':
    case 'date':
      return 'moment';
    case 'keyword_set':
    case 'int_set':
      return 'set';
    case 'bool':
      return 'bool';
    case 'id':
      return 'id';
    default:
      return 'word';
  }
}

/** Operators of a type of property of events; those of fields come with the schema. */
export function operatorsOf(type: string): string[] {
  const ordered = ['=', '!=', '<', '<=', '>', '>=', 'between'];
  const listed = ['is', 'is_not', 'in', 'not_in'];
  const present = ['exists', 'not_exists'];
  switch (plainType(type)) {
    case 'bool':
      return ['is', 'is_not', ...present];
    case 'int':
      return [...ordered, 'in', 'not_in', ...present];
    case 'decimal':
    case 'float':
      return [...ordered, ...present];
    case 'time':
    case 'date':
      return [...ordered, 'within_days', 'before_days', 'in_next_days', ...present];
    case 'keyword_set':
    case 'int_set':
      return ['includes', 'includes_all', 'excludes', ...present];
    default:
      return [...listed, 'starts_with', 'ends_with', 'contains', 'not_contains', 'matches', ...present];
  }
}

/** An operator in words, beside a value of this type. */
export function operatorWords(operator: string, type: string): string {
  const words = builderTexts;
  const moment = kindOfType(type) === 'moment' ? words.momentOperators[operator] : undefined;
  return moment ?? words.operators[operator] ?? operator;
}
