// A size through time in the space of a word.
import { count } from '../format/number';
import { charts as chartsTexts } from '../texts/en/charts';
import classes from './charts.module.css';
import { linear, path, span } from './scale';

interface SparklineProps {
  /** Of what; read out with its first and last value. */
  label: string;
  /** Values at equal distances, the oldest first. */
  values: number[];
  width?: number;
  height?: number;
}

export function Sparkline({ label, values, width = 120, height = 32 }: SparklineProps) {
  const first = values[0] ?? 0;
  const last = values.at(-1) ?? 0;
  const x = linear([0, Math.max(values.length - 1, 1)], [2, width - 4]);
  const y = linear(span(values), [height - 4, 4]);
  const points = values.map((value, i): [number, number] => [x(i), y(value)]);
  const end = points.at(-1);
  return (
    <svg
      role="img"
      aria-label={chartsTexts.fromTo(label, count(first), count(last))}
      className={classes.sparkline}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
    >
      {points.length > 1 && <path className={classes.area} d={`${path(points)}L${x(values.length - 1)} ${height}L2 ${height}Z`} />}
      <path className={classes.line} d={path(points)} />
      {end && <circle className={classes.dot} cx={end[0]} cy={end[1]} r={2.5} />}
    </svg>
  );
}
