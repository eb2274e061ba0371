// Numbers as people read them: grouped, or rounded to what matters.

const LOCALE = 'en';
const WHOLE = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });
const SHORT = new Intl.NumberFormat(LOCALE, { notation: 'compact', maximumSignificantDigits: 3 });
/** Minus as it is printed: as wide as a plus. */
const MINUS = '\u2212';

const SIGNED = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0, signDisplay: 'exceptZero' });

/** A count, every digit of it: 1,247. */
export const count = (value: number): string => WHOLE.format(value);

/** A count where there is little room: 1.25M. */
export const short = (value: number): string => SHORT.format(value);

/** A difference with its sign: +99. */
export const change = (value: number): string => SIGNED.format(value).replace('-', MINUS);

/** A share of the whole, 0 to 1, as a percentage. What is there is never 0 %, and what lacks something never 100 %. */
export function share(value: number): string {
  if (value > 0 && value < 0.001) return '<0.1%';
  if (value < 1 && value > 0.999) return '>99.9%';
  const percent = value * 100;
  return `${percent.toLocaleString(LOCALE, { maximumFractionDigits: percent < 10 ? 1 : 0 })}%`;
}

/** Growth, 0.1 is a tenth more: +10%. */
export function growth(value: number): string {
  const percent = value * 100;
  const digits = Math.abs(percent) < 10 ? 1 : 0;
  return `${percent.toLocaleString(LOCALE, { maximumFractionDigits: digits, signDisplay: 'exceptZero' }).replace('-', MINUS)}%`;
}

/** Digits of prices behind the point, at most. */
const PRICE_DIGITS = 4;

const bare = (digits?: number) => new Intl.NumberFormat(LOCALE, { minimumFractionDigits: digits ?? 2, maximumFractionDigits: digits ?? PRICE_DIGITS });

/** Amounts to the last digit, and amounts without what is behind the point. */
let amounts = { exact: bare(), whole: bare(0), code: undefined as string | undefined };

/** Shows amounts in another currency from now on, such as `EUR`; without one where there is none, or none that the browser knows. */
export function showCurrency(code: string | null | undefined): void {
  const inIt = (digits: Intl.NumberFormatOptions) => new Intl.NumberFormat(LOCALE, { style: 'currency', currency: code ?? '', ...digits });
  try {
    amounts = { exact: inIt({ maximumFractionDigits: PRICE_DIGITS }), whole: inIt({ minimumFractionDigits: 0, maximumFractionDigits: 0 }), code: code ?? undefined };
  } catch {
    amounts = { exact: bare(), whole: bare(0), code: undefined };
  }
}

/** The currency, beside a place where an amount is typed: EUR. */
export const currencyCode = (): string | undefined => amounts.code;

/** An amount of money, in the tenant's currency where it has one: €49.00, or 49.00. */
export const price = (value: number): string => amounts.exact.format(value);

/** The same without what is behind the point, for the scale of a picture: €1,249. */
export const wholePrice = (value: number): string => amounts.whole.format(value);

/** How long something took: 340 µs, 1.2 ms. */
export function took(microseconds: number): string {
  if (microseconds < 1_000) return `${microseconds} µs`;
  const milliseconds = microseconds / 1_000;
  if (milliseconds < 1_000) return `${milliseconds.toLocaleString(LOCALE, { maximumSignificantDigits: 2 })} ms`;
  return `${(milliseconds / 1_000).toLocaleString(LOCALE, { maximumSignificantDigits: 2 })} s`;
}
