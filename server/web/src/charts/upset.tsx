// Which sets people are in at once. One column is everybody who is in exactly the marked sets, the largest first; past
// three sets this can still be read where circles cannot. After Lex, Gehlenborg and others: UpSet, IEEE TVCG 2014.
import { count, short } from '../format/number';
import { charts as chartsTexts } from '../texts/en/charts';
import classes from './charts.module.css';
import { Figure } from './figure';
import { linear } from './scale';

export interface Combination {
  /** Which sets, by their place in `sets`. */
  sets: number[];
  /** People who are in all of these and in none of the others. */
  count: number;
}

interface UpsetProps {
  label: string;
  sets: string[];
  combinations: Combination[];
  /** Columns that are drawn at most; the table has all. */
  most?: number;
  /** What a click on a column does. */
  onChoose?: (combination: Combination) => void;
}

const COLUMN = 42;
const ROW = 26;
const TALL = 110;
/** Height of the row of counts. */
const COUNTS = 18;
/** Counts from here on are shortened above their column; the table has every digit. */
const EXACT_BELOW = 10_000;

export function Upset({ label, sets, combinations, most = 12, onChoose }: UpsetProps) {
  const sorted = combinations.filter((one) => one.count > 0).sort((a, b) => b.count - a.count);
  const shown = sorted.slice(0, most);
  const y = linear([0, Math.max(1, ...shown.map((one) => one.count))], [TALL, 6]);
  const names = (one: Combination) => one.sets.map((i) => sets[i]).join(chartsTexts.and);
  const rows = sorted.map((one) => [names(one), count(one.count)]);
  return (
    <Figure label={label} hasTable table={{ head: chartsTexts.upsetHead, rows }}>
      <div className={classes.upset}>
        <div className={classes.upsetNames} style={{ paddingTop: COUNTS + TALL + 10 }} aria-hidden>
          {sets.map((name) => (
            <span key={name} style={{ height: ROW, lineHeight: `${ROW}px` }}>
              {name}
            </span>
          ))}
        </div>
        <div>
          {/* Above the picture and not in it: what is written over an image cannot be told from its ground by machines. */}
          <div className={classes.upsetCounts} aria-hidden>
            {shown.map((one) => (
              <span key={one.sets.join()} style={{ width: COLUMN }}>
                {one.count < EXACT_BELOW ? count(one.count) : short(one.count)}
              </span>
            ))}
          </div>
          <svg width={shown.length * COLUMN} height={TALL + 10 + sets.length * ROW} role="group" aria-label={label}>
            {shown.map((one, i) => {
              const middle = i * COLUMN + COLUMN / 2;
              const row = (set: number) => TALL + 10 + set * ROW + ROW / 2;
              const choose = onChoose && {
                role: 'button',
                tabIndex: 0,
                'aria-label': `${names(one)}: ${count(one.count)}`,
                onClick: () => onChoose(one),
                onKeyDown: (event: { key: string }) => event.key === 'Enter' && onChoose(one),
              };
              return (
                <g key={one.sets.join()} className={onChoose && classes.column} {...choose}>
                  <rect className={classes.grip} x={i * COLUMN} width={COLUMN} height={TALL + 10 + sets.length * ROW} />
                  <rect className={classes.bar} x={middle - 9} width={18} y={y(one.count)} height={TALL - y(one.count)} />
                  {sets.map((name, set) => (
                    <circle key={name} className={one.sets.includes(set) ? classes.in : classes.out} cx={middle} cy={row(set)} r={5.5} />
                  ))}
                  {one.sets.length > 1 && (
                    <line className={classes.joint} x1={middle} x2={middle} y1={row(Math.min(...one.sets))} y2={row(Math.max(...one.sets))} />
                  )}
                </g>
              );
            })}
          </svg>
        </div>
      </div>
    </Figure>
  );
}
