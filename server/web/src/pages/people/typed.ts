// What somebody typed as a value of a field.
import type { Value } from '../../api/people';

/** The value that a text stands for; what does not fit the type goes as it is, and the server says why it does not. */
export function typedValue(text: string, type: string): Value {
  const typed = text.trim();
  if (typed === '') return null;
  if (type === 'bool') return { true: true, false: false, yes: true, no: false }[typed.toLowerCase()] ?? typed;
  if (type === 'keyword_set') return parts(typed);
  if (type === 'int_set') return parts(typed).map((part) => (isWhole(part) ? Number(part) : part));
  if (type === 'int') return isWhole(typed) ? Number(typed) : typed;
  // Decimals go as text: a number of the browser's own would round them.
  if (type === 'float') return Number.isFinite(Number(typed)) ? Number(typed) : typed;
  return typed;
}

const parts = (text: string) => text.split(',').map((part) => part.trim()).filter((part) => part !== '');

const isWhole = (text: string) => /^[+-]?\d+$/.test(text) && Number.isSafeInteger(Number(text));
