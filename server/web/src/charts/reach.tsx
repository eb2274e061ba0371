// How many people there are at each value or above, such as a similarity or a score, with the part that is chosen.
import type { ReactNode } from 'react';

import { count, short } from '../format/number';
import classes from './charts.module.css';
import { Figure } from './figure';
import { linear, path, ticks } from './scale';

export interface ReachPoint {
  /** The value, at least. */
  from: number;
  count: number;
}

interface ReachCurveProps {
  label: string;
  /** What the numbers are: the head of the table. */
  head: [string, string];
  points: ReachPoint[];
  /** Which points are in the chosen part: one of them and all right of it. */
  isChosen: (point: ReachPoint) => boolean;
  /** What stands below the picture: what the part is chosen by. */
  children?: ReactNode;
}

const [WIDTH, HEIGHT, MARGIN] = [640, 180, 6];

export function ReachCurve({ label, head, points, isChosen, children }: ReachCurveProps) {
  const sorted = [...points].sort((a, b) => a.from - b.from);
  const top = Math.max(1, ...sorted.map((point) => point.count));
  const steps = ticks(top, 3);
  const [first, last] = [sorted[0]?.from ?? 0, sorted.at(-1)?.from ?? 1];
  const x = linear([first, last], [MARGIN, WIDTH - MARGIN]);
  const y = linear([0, Math.max(top, steps.at(-1) ?? top)], [HEIGHT - MARGIN, MARGIN]);
  const place = (point: ReachPoint): [number, number] => [x(point.from), y(point.count)];
  const inside = sorted.filter(isChosen);
  const edge = inside[0];
  return (
    <Figure label={label} hasTable table={{ head, rows: sorted.map((point) => [String(point.from), count(point.count)]) }}>
      <div className={classes.plot} aria-hidden>
        <div className={classes.plotSteps}>
          {steps.map((step) => (
            <span key={step} style={{ top: `${(100 * y(step)) / HEIGHT}%` }}>
              {short(step)}
            </span>
          ))}
        </div>
        <svg className={classes.wide} viewBox={`0 0 ${WIDTH} ${HEIGHT}`}>
          {steps.map((step) => (
            <line key={step} className={classes.grid} x1={0} x2={WIDTH} y1={y(step)} y2={y(step)} />
          ))}
          {edge && <path className={classes.area} d={`${path(inside.map(place))}L${x(last)} ${y(0)}L${place(edge)[0]} ${y(0)}Z`} />}
          <path className={classes.line} d={path(sorted.map(place))} />
          {edge && <circle className={classes.dot} cx={place(edge)[0]} cy={place(edge)[1]} r={3.5} />}
        </svg>
        <div className={classes.plotDays}>
          <span>{first}</span>
          <span>{last}</span>
        </div>
      </div>
      {children}
    </Figure>
  );
}
