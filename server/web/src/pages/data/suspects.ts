// Fields that say nothing, or that name people rather than describe them.
import type { Field } from '../../api/fields';

/** The share of different texts among those there are from which on a field names people. */
const NAMES = 0.9;

export function suspects(fields: Field[], population: number): { empty: string[]; single: string[]; unique: string[] } {
  const seen = fields.filter((field) => !field.masked);
  const names = (those: Field[]) => those.map((field) => field.name);
  const isEverybody = (field: Field) => field.present === population;
  return {
    empty: names(fields.filter((field) => population > 0 && field.present === 0)),
    single: names(seen.filter((field) => field.present > 1 && field.distinct === 1 && isEverybody(field))),
    unique: names(seen.filter((field) => field.type === 'keyword' && field.present > 1 && (field.distinct ?? 0) > NAMES * field.present)),
  };
}
