// Numbers as people type them, and as a rule holds them.
import { exactNumber } from '../../../api/exact';
import type { Json } from './leaf';

/** Digits that a number of the browser holds exactly. */
const DIGITS_MAX = 15;

/** What was typed as a number; digit for digit where the browser's numbers are not exact enough; none where it is no number. */
export function numberFrom(text: string): number | string | undefined {
  const plain = text.trim().replace(/^\+/, '');
  if (!/^-?(\d+(\.\d*)?|\.\d+)$/.test(plain)) return undefined;
  const digits = plain.replace(/\D/g, '').replace(/^0+/, '').length;
  if (digits <= DIGITS_MAX) return Number(plain);
  return exactNumber(plain.replace(/^(-?)0+(?=\d)/, '$1').replace(/^(-?)\./, '$10.').replace(/\.$/, ''));
}

/** A value that reads well near `value`, in steps of about a two-hundredth of `span`. */
export function rounded(value: number, span: number, isWhole: boolean): number {
  if (isWhole) return Math.round(value);
  const digits = Math.max(0, Math.min(6, 2 - Math.floor(Math.log10(Math.max(span, 1e-9)))));
  return Number(value.toFixed(digits));
}

/** The ends of a stretch that a test selects, as places on a scale; open ends are those of the scale. */
export function boundsOf(operator: Json, value: Json, scale: [number, number], place: (value: Json) => number, now: number): [number, number] {
  const DAY = 86_400_000;
  const [least, most] = scale;
  const inside = (at: number) => (Number.isFinite(at) ? Math.min(Math.max(at, least), most) : least);
  switch (operator) {
    case 'between': {
      const [low, high] = Array.isArray(value) ? value : [];
      return [low == null ? least : inside(place(low)), high == null ? most : inside(place(high))];
    }
    case '>=':
    case '>':
      return [value == null ? least : inside(place(value)), most];
    case '<=':
    case '<':
      return [least, value == null ? most : inside(place(value))];
    case '=':
      return value == null ? [least, most] : [inside(place(value)), inside(place(value))];
    case 'within_days':
      return [inside(now - Number(value) * DAY), inside(now)];
    case 'before_days':
      return [least, inside(now - Number(value) * DAY)];
    case 'in_next_days':
      return [inside(now), inside(now + Number(value) * DAY)];
    default:
      return [least, most];
  }
}
