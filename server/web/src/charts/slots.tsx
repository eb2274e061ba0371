// What a score is made of: a slot for each reason, as wide as it can weigh, filled by as much as it brings. Below each other
// the slots stand in columns, so that a missing reason is a gap in the same place. Words beside it say the same.
import classes from './charts.module.css';

export interface Slot {
  key: string;
  value: number;
  /** What it brings at most. */
  most: number;
}

export function Slots({ slots }: { slots: Slot[] }) {
  return (
    <div className={classes.slots} aria-hidden>
      {slots.map(({ key, value, most }) => (
        <span key={key} className={classes.slot} style={{ flexGrow: most }}>
          <span className={classes.slotFill} style={{ width: `${most === 0 ? 0 : (100 * value) / most}%` }} />
        </span>
      ))}
    </div>
  );
}
