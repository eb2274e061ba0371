// A size through time, and how it goes on if nothing is written. Days are those that the server counts: UTC.
import { count, short } from '../format/number';
import { shortCalendarDay } from '../format/time';
import { charts as chartsTexts } from '../texts/en/charts';
import classes from './charts.module.css';
import { Figure } from './figure';
import { linear, path, ticksAbove } from './scale';

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

/** Room around the line, so that neither it nor its last point is cut. */
const MARGIN = 6;

export function Line({ label, points, forecast = [], width = 640, height = 220 }: LineProps) {
  const all = [...points, ...forecast];
  const times = all.map((point) => new Date(point.at).getTime());
  const top = Math.max(1, ...all.map((point) => point.value));
  const steps = ticksAbove(top, 4);
  const x = linear([Math.min(...times), Math.max(...times)], [MARGIN, width - MARGIN]);
  const y = linear([0, steps.at(-1) ?? top], [height - MARGIN, MARGIN]);
  const place = (point: Point): [number, number] => [x(new Date(point.at).getTime()), y(point.value)];
  const last = points.at(-1);
  const rows = [
    ...points.map((point) => [shortCalendarDay(point.at), count(point.value), chartsTexts.measured]),
    ...forecast.map((point) => [shortCalendarDay(point.at), count(point.value), chartsTexts.forecast]),
  ];
  const [first, end] = [Math.min(...times), Math.max(...times)];
  const days = all.length === 0 ? [] : [...new Set([first, (first + end) / 2, end].map((time) => shortCalendarDay(new Date(time))))];
  return (
    <Figure label={label} hasTable table={{ head: chartsTexts.lineHead, rows }}>
      <div className={classes.plot} aria-hidden>
        <div className={classes.plotSteps}>
          {steps.map((step) => (
            <span key={step} style={{ top: `${(100 * y(step)) / height}%` }}>
              {short(step)}
            </span>
          ))}
        </div>
        <svg className={classes.wide} viewBox={`0 0 ${width} ${height}`}>
          {steps.map((step) => (
            <line key={step} className={classes.grid} x1={0} x2={width} y1={y(step)} y2={y(step)} />
          ))}
          {points.length > 1 && last && (
            <path
              className={classes.area}
              d={`${path(points.map(place))}L${place(last)[0]} ${y(0)}L${points[0] ? place(points[0])[0] : MARGIN} ${y(0)}Z`}
            />
          )}
          <path className={classes.line} d={path(points.map(place))} />
          {last && forecast.length > 0 && <path className={classes.forecast} d={path([last, ...forecast].map(place))} />}
          {last && <circle className={classes.dot} cx={place(last)[0]} cy={place(last)[1]} r={3.5} />}
        </svg>
        <div className={classes.plotDays}>
          {days.map((day) => (
            <span key={day}>{day}</span>
          ))}
        </div>
      </div>
    </Figure>
  );
}
