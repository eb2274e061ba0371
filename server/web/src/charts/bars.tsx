// Values side by side as lying bars: names are read from left to right, and there is room for them.
import { count } from '../format/number';
import classes from './charts.module.css';
import { Figure } from './figure';

export interface Bar {
  name: string;
  value: number;
  /** What is said beside the bar; the value when left out. */
  told?: string;
}

interface BarsProps {
  label: string;
  /** What the names are, and what the values are: the head of the table. */
  head: [string, string];
  bars: Bar[];
  /** The value of a full bar; the greatest when left out. */
  whole?: number;
}

export function Bars({ label, head, bars, whole }: BarsProps) {
  const full = whole ?? Math.max(1, ...bars.map((bar) => bar.value));
  const told = (bar: Bar) => bar.told ?? count(bar.value);
  return (
    <Figure label={label} table={{ head, rows: bars.map((bar) => [bar.name, told(bar)]) }}>
      <div className={classes.bars} aria-hidden>
        {bars.map((bar) => (
          <div key={bar.name} className={classes.barRow}>
            <span className={classes.barName}>{bar.name}</span>
            <svg className={classes.barTrack} preserveAspectRatio="none" viewBox="0 0 100 8">
              <rect className={classes.track} width={100} height={8} rx={0} />
              <rect className={classes.bar} width={(100 * bar.value) / full} height={8} />
            </svg>
            <span className={classes.barValue}>{told(bar)}</span>
          </div>
        ))}
      </div>
    </Figure>
  );
}
