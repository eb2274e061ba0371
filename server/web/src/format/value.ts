// Values of fields as people read them. Digits are never rounded: what a person has is told exactly.
import { price } from './number';
import { calendarDay, dayAndTime } from './time';

/** A value of a field, as JSON has it. */
export type Told = string | number | boolean | null | undefined | readonly (string | number)[];

const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 20 });

/** The type of amounts of money; all of a tenant are in its currency. */
export const MONEY = 'decimal(2)';

/** A value by the type of its field; members of a set parted by commas. */
export function valueOf(value: Told, type: string, words: { yes: string; no: string; empty?: string }): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  if (Array.isArray(value)) return value.length === 0 ? (words.empty ?? '') : value.join(', ');
  if (typeof value === 'number') {
    if (type === MONEY) return price(value);
    const scale = Number(/^decimal\((\d+)\)$/.exec(type)?.[1] ?? 0);
    return scale > 0 ? value.toLocaleString('en', { minimumFractionDigits: scale, maximumFractionDigits: scale }) : WHOLE.format(value);
  }
  if (type === 'time') return dayAndTime(value as string);
  if (type === 'date') return calendarDay(value as string);
  return String(value);
}
