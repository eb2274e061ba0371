// Instants as people read them, in the zone of the tenant.

const LOCALE = 'en-GB';

/** The zone in which days begin and times are shown. The server counts days in UTC, so that is what people see. */
let zone = 'UTC';

/** Shows times in another zone from now on, such as `Europe/Berlin`. */
export function showZone(name: string): void {
  zone = name;
}

const format = (options: Intl.DateTimeFormatOptions) => (instant: string | Date) =>
  new Intl.DateTimeFormat(LOCALE, { timeZone: zone, ...options }).format(new Date(instant));

/** 28 Nov 2026 */
export const day = format({ day: 'numeric', month: 'short', year: 'numeric' });

/** 28 Nov */
export const shortDay = format({ day: 'numeric', month: 'short' });

/** 28 Nov 2026, 08:55 */
export const dayAndTime = format({
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});

/** 08:55:07 */
export const timeOfDay = format({ hour: '2-digit', minute: '2-digit', second: '2-digit' });

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** How long ago something was, up to a month: 3 hours ago. After that the day. */
export function ago(instant: string | Date, now: Date): string {
  const seconds = (new Date(instant).getTime() - now.getTime()) / 1_000;
  if (Math.abs(seconds) > 30 * 86_400) return day(instant);
  const relative = new Intl.RelativeTimeFormat(LOCALE, { numeric: 'auto' });
  const unit = UNITS.find(([, size]) => Math.abs(seconds) >= size);
  return unit ? relative.format(Math.round(seconds / unit[1]), unit[0]) : 'just now';
}
