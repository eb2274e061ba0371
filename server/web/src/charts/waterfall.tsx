// How many are left after each step: bars that hang where the one before ended.
import { change, count } from '../format/number';
import { charts as chartsTexts } from '../texts/en/charts';
import classes from './charts.module.css';
import { Figure } from './figure';
import { linear } from './scale';

export interface Step {
  name: string;
  /** How many come or go; of the first how many there are. */
  by: number;
}

interface WaterfallProps {
  label: string;
  /** The first is what it begins with. */
  steps: Step[];
  /** What the sum is called. */
  total: string;
}

/** The steps with what is left after each. */
export function runningTotals(steps: Step[]): { name: string; by: number; from: number; to: number }[] {
  let left = 0;
  return steps.map(({ name, by }) => {
    const from = left;
    left += by;
    return { name, by, from, to: left };
  });
}

export function Waterfall({ label, steps, total }: WaterfallProps) {
  const hung = runningTotals(steps);
  const sum = hung.at(-1)?.to ?? 0;
  const place = linear([0, Math.max(1, ...hung.map((step) => step.to))], [0, 100]);
  const rows = [
    ...hung.map((step, i) => [step.name, i === 0 ? count(step.by) : change(step.by), count(step.to)]),
    [total, '', count(sum)],
  ];
  const bar = (from: number, to: number, kind: string | undefined) => (
    <svg className={classes.fallTrack} preserveAspectRatio="none" viewBox="0 0 100 16">
      <rect className={kind} x={Math.min(place(from), place(to))} width={Math.max(0.4, Math.abs(place(to) - place(from)))} height={16} />
    </svg>
  );
  return (
    <Figure label={label} hasTable table={{ head: chartsTexts.waterfallHead, rows }}>
      <div className={classes.bars} aria-hidden>
        {hung.map((step, i) => (
          <div key={`${i}-${step.name}`} className={classes.barRow}>
            <span className={classes.barName}>{step.name}</span>
            {bar(step.from, step.to, step.by < 0 ? classes.loss : classes.bar)}
            <span className={classes.barValue}>{i === 0 ? count(step.by) : change(step.by)}</span>
          </div>
        ))}
        <div className={`${classes.barRow} ${classes.sum}`}>
          <span className={classes.barName}>{total}</span>
          {bar(0, sum, classes.bar)}
          <span className={classes.barValue}>{count(sum)}</span>
        </div>
      </div>
    </Figure>
  );
}
