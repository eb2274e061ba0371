// Which sets people are in at once. One column is everybody who is in exactly the marked sets, the largest first; past
// three sets this can still be read where circles cannot. After Lex, Gehlenborg and others: UpSet, IEEE TVCG 2014.
import type { KeyboardEvent } from 'react';

import { count, short } from '../format/number';
import { charts as chartsTexts } from '../texts/en/charts';
import classes from './charts.module.css';
import { Figure } from './figure';

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

/** Counts from here on are shortened above their column; the table has every digit. */
const EXACT_BELOW = 10_000;

/** Rows of the grid above the first set: counts and bars. */
const ABOVE = 2;

export function Upset({ label, sets, combinations, most = 12, onChoose }: UpsetProps) {
  const sorted = combinations.filter((one) => one.count > 0).sort((a, b) => b.count - a.count);
  const shown = sorted.slice(0, most);
  const top = Math.max(1, ...shown.map((one) => one.count));
  const names = (one: Combination) => one.sets.map((i) => sets[i]).join(chartsTexts.and);
  const rows = sorted.map((one) => [names(one), count(one.count)]);
  return (
    <Figure label={label} hasTable table={{ head: chartsTexts.upsetHead, rows }}>
      <div
        className={classes.upset}
        style={{
          gridTemplateColumns: `fit-content(min(16rem, 45vw)) repeat(${shown.length}, 42px)`,
          gridTemplateRows: `18px 110px repeat(${sets.length}, minmax(26px, auto))`,
        }}
        role="group"
        aria-label={label}
      >
        {sets.map((name, set) => (
          // Sets may be called alike; they are known by their order.
          <span key={set} className={classes.upsetName} style={{ gridRow: ABOVE + set + 1 }} aria-hidden>
            {name}
          </span>
        ))}
        {shown.map((one, i) => (
          <Column
            key={one.sets.join()}
            at={i}
            one={one}
            sets={sets.length}
            share={one.count / top}
            told={`${names(one)}: ${count(one.count)}`}
            onChoose={onChoose && (() => onChoose(one))}
          />
        ))}
      </div>
    </Figure>
  );
}

interface ColumnProps {
  at: number;
  one: Combination;
  /** How many sets there are. */
  sets: number;
  /** Its height, of the highest. */
  share: number;
  told: string;
  onChoose: (() => void) | undefined;
}

function Column({ at, one, sets, share, told, onChoose }: ColumnProps) {
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    onChoose?.();
  };
  const button = onChoose
    ? { role: 'button', tabIndex: 0, 'aria-label': told, 'data-chosen': true, onClick: onChoose, onKeyDown: press }
    : { 'aria-hidden': true };
  return (
    <div className={classes.upsetColumn} style={{ gridColumn: at + 2 }} {...button}>
      <span className={classes.upsetCount}>{one.count < EXACT_BELOW ? count(one.count) : short(one.count)}</span>
      <span className={classes.upsetBar} style={{ height: `${100 * share}%` }} />
      {Array.from({ length: sets }, (_, set) => (
        <span
          key={set}
          className={classes.upsetDot}
          data-in={one.sets.includes(set) || undefined}
          data-joint={jointAt(set, one.sets)}
          style={{ gridRow: ABOVE + set + 1 }}
        />
      ))}
    </div>
  );
}

/** What a row has of the line from the first of some sets to the last. */
function jointAt(set: number, sets: number[]): 'first' | 'middle' | 'last' | undefined {
  const [first, last] = [Math.min(...sets), Math.max(...sets)];
  if (sets.length < 2 || set < first || set > last) return undefined;
  return set === first ? 'first' : set === last ? 'last' : 'middle';
}
