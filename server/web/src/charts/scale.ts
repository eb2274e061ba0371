// Where values lie on a picture.

/** A map from values to places. */
export type Scale = (value: number) => number;

/** Straight from one span to another; everything in the middle when the first is a point. */
export function linear([from, to]: [number, number], [start, end]: [number, number]): Scale {
  if (from === to) return () => (start + end) / 2;
  return (value) => start + ((value - from) / (to - from)) * (end - start);
}

/** Least and greatest of some values, 0 for none. */
export function span(values: number[]): [number, number] {
  if (values.length === 0) return [0, 0];
  return [Math.min(...values), Math.max(...values)];
}

/** At most `most` round values that cover 0 to `top`. */
export function ticks(top: number, most: number): number[] {
  if (top <= 0) return [0];
  const rough = top / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough;
  const found = [];
  for (let value = 0; value <= top * 1.0001; value += step) found.push(value);
  return found;
}

/** The same and one more, so that none of the values lies above the last. */
export function ticksAbove(top: number, most: number): number[] {
  const found = ticks(top, most);
  const last = found.at(-1) ?? 0;
  return last < top ? [...found, last + last - (found.at(-2) ?? 0)] : found;
}

/** The path of a line through points. */
export function path(points: [number, number][]): string {
  return points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
}

/** Where so few values lie so far out that the others would be one bar, a picture ends before them: at this percentile. */
export const PERCENTILE = 99;
const FAR = 0.4;

/** Bounds of bins up to the percentile, where most of the stretch is nearly empty; `rounded` makes a bound that reads well. */
export function cutBins([least, most, far]: [number, number, number], bins: number, isWhole: boolean, rounded: (at: number) => number): number[] | null {
  if (![least, most, far].every(Number.isFinite) || far <= least || far - least > FAR * (most - least)) return null;
  const step = isWhole ? Math.max(1, Math.ceil((far - least) / bins)) : (far - least) / bins;
  return Array.from({ length: bins + 1 }, (_, i) => rounded(least + i * step));
}
