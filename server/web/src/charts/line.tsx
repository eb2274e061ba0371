// A size through time, and how it goes on if nothing is written.
import { count, short } from '../format/number';
import { shortDay } from '../format/time';
import { texts } from '../texts/en';
import classes from './charts.module.css';
import { Figure } from './figure';
import { linear, path, ticks } from './scale';

export interface Point {
  /** RFC 3339 */
  at: string;
  value: number;
}

interface LineProps {
  label: string;
  points: Point[];
  /** Follows the points, dashed. */
  forecast?: Point[];
  width?: number;
  height?: number;
}

const LEFT = 44;
const BOTTOM = 22;

export function Line({ label, points, forecast = [], width = 640, height = 220 }: LineProps) {
  const all = [...points, ...forecast];
  const times = all.map((point) => new Date(point.at).getTime());
  const top = Math.max(1, ...all.map((point) => point.value));
  const steps = ticks(top, 4);
  const x = linear([Math.min(...times), Math.max(...times)], [LEFT, width - 8]);
  const y = linear([0, Math.max(top, steps.at(-1) ?? top)], [height - BOTTOM, 8]);
  const place = (point: Point): [number, number] => [x(new Date(point.at).getTime()), y(point.value)];
  const last = points.at(-1);
  const rows = [
    ...points.map((point) => [shortDay(point.at), count(point.value), texts.charts.measured]),
    ...forecast.map((point) => [shortDay(point.at), count(point.value), texts.charts.forecast]),
  ];
  const ends = [all[0], last, all.at(-1)].filter((point, i, list) => point && list.indexOf(point) === i);
  return (
    <Figure label={label} hasTable table={{ head: texts.charts.lineHead, rows }}>
      <svg className={classes.wide} viewBox={`0 0 ${width} ${height}`} aria-hidden>
        {steps.map((step) => (
          <line key={step} className={classes.grid} x1={LEFT} x2={width - 8} y1={y(step)} y2={y(step)} />
        ))}
        {steps.slice(1).map((step) => (
          <text key={step} className={classes.tick} x={LEFT - 8} y={y(step) + 4} textAnchor="end">
            {short(step)}
          </text>
        ))}
        {points.length > 1 && last && (
          <path
            className={classes.area}
            d={`${path(points.map(place))}L${place(last)[0]} ${y(0)}L${points[0] ? place(points[0])[0] : LEFT} ${y(0)}Z`}
          />
        )}
        <path className={classes.line} d={path(points.map(place))} />
        {last && forecast.length > 0 && <path className={classes.forecast} d={path([last, ...forecast].map(place))} />}
        {last && <circle className={classes.dot} cx={place(last)[0]} cy={place(last)[1]} r={3.5} />}
        {ends.map((point, i) =>
          point ? (
            <text
              key={point.at}
              className={classes.tick}
              x={place(point)[0]}
              y={height - 4}
              textAnchor={i === 0 ? 'start' : i === ends.length - 1 ? 'end' : 'middle'}
            >
              {shortDay(point.at)}
            </text>
          ) : null,
        )}
      </svg>
    </Figure>
  );
}
