// Instants as people read them, in the zone of the tenant; and days of the calendar, which are the same everywhere.

const LOCALE = 'en-GB';

/** The zone of a tenant that has none: the server counts days in it. */
const UTC = 'UTC';

/** The zone in which times are shown. */
let zone = UTC;

/** Shows times in another zone from now on, such as `Europe/Berlin`; in UTC where there is none, or none that the browser knows. */
export function showZone(name: string | null | undefined): void {
  zone = name && isKnown(name) ? name : UTC;
}

function isKnown(name: string): boolean {
  try {
    return new Intl.DateTimeFormat(LOCALE, { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

/** What the zone is called: UTC, Berlin time. */
export function zoneName(): string {
  return zone === UTC ? UTC : `${zone.slice(zone.lastIndexOf('/') + 1).replaceAll('_', ' ')} time`;
}

const format = (options: Intl.DateTimeFormatOptions, fixed?: string) => (instant: string | Date) =>
  new Intl.DateTimeFormat(LOCALE, { timeZone: fixed ?? zone, ...options }).format(new Date(instant));

const DAY: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', year: 'numeric' };

/** The day on which an instant is: 28 Nov 2026 */
export const day = format(DAY);

/** The same without the year: 28 Nov */
export const shortDay = format({ day: 'numeric', month: 'short' });

/** A day of the calendar, `2026-11-28`, or the day in UTC that begins at an instant: 28 Nov 2026 in every zone. */
export const calendarDay = format(DAY, UTC);

/** The same without the year: 28 Nov */
export const shortCalendarDay = format({ day: 'numeric', month: 'short' }, UTC);

/** 28 Nov 2026, 08:55 */
export const dayAndTime = format({ ...DAY, hour: '2-digit', minute: '2-digit' });

/** Instants as the server writes them. */
const WRITTEN = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;

/** A sentence of the server with its instants as people read them. */
export const withTimes = (sentence: string): string => sentence.replace(WRITTEN, dayAndTime);

/** 08:55 */
export const hourAndMinute = format({ hour: '2-digit', minute: '2-digit' });

/** 08:55:07 */
export const timeOfDay = format({ hour: '2-digit', minute: '2-digit', second: '2-digit' });

const MINUTE_MS = 60_000;

/** Milliseconds by which clocks in the zone are ahead of UTC at an instant. */
function aheadAt(instant: number): number {
  const told = new Intl.DateTimeFormat(LOCALE, {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(new Date(instant));
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(told.find((one) => one.type === type)?.value);
  const [year, month, date] = [part('year'), part('month'), part('day')];
  return Date.UTC(year, month - 1, date, part('hour'), part('minute'), part('second')) - Math.floor(instant / 1_000) * 1_000;
}

/** The instant at which clocks in the zone show a time, such as `2026-11-28T08:55`; of one they skip, the instant at which they skip it. */
export function instantOf(shown: string): string {
  const wanted = Date.parse(`${shown.length === 10 ? `${shown}T00:00` : shown}Z`);
  // Clocks are changed at most once in the day around it: one of the two is right, the earlier of the two where both are.
  const [before, after] = [aheadAt(wanted - 86_400_000), aheadAt(wanted + 86_400_000)];
  const fits = [before, after].find((ahead) => aheadAt(wanted - ahead) === ahead);
  if (fits !== undefined) return written(wanted - fits);
  let skipped = wanted - Math.max(before, after);
  while (aheadAt(skipped) === before) skipped += MINUTE_MS;
  return written(skipped);
}

/** To the second, as the server writes it. */
const written = (instant: number): string => `${new Date(instant).toISOString().slice(0, 19)}Z`;

/** What clocks in the zone show at an instant: `2026-11-28T08:55`. */
export function shownAt(instant: string | Date): string {
  const at = new Date(instant).getTime();
  return new Date(at + aheadAt(at)).toISOString().slice(0, 16);
}

/** When the day of an instant began. */
export const dayBegin = (instant: string | Date): string => instantOf(shownAt(instant).slice(0, 10));

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
