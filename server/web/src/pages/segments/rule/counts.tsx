// What a node selects, lacks and costs, in one quiet line.
import { use } from 'react';

import { change, count } from '../../../format/number';
import { builder as builderTexts } from '../../../texts/en/builder';
import classes from './builder.module.css';
import { TallyContext } from './context';

interface CountsProps {
  id: string;
  isMuted: boolean;
  isUnfinished?: boolean;
  /** Of the whole rule: what it costs is no question. */
  isRoot?: boolean;
}

export function Counts({ id, isMuted, isUnfinished = false, isRoot = false }: CountsProps) {
  const words = builderTexts;
  const { counts, total } = use(TallyContext);
  const found = counts.get(id);
  if (isMuted) return <p className={classes.counts}>{words.off}</p>;
  if (isUnfinished) return <p className={classes.counts}>{words.unfinished}</p>;
  if (!found) return <p className={classes.counts} />;
  const cost = total === undefined ? 0 : found.without - total;
  return (
    <p className={classes.counts} data-counts>
      <span>
        <b>{words.matched(count(found.matched))}</b>
      </span>
      {found.missing > 0 && <span>{words.missing(count(found.missing))}</span>}
      {!isRoot && total !== undefined && <span>{cost === 0 ? words.noChange : words.without(change(cost))}</span>}
    </p>
  );
}

/** What the server says is wrong with a node. */
export function Mistakes({ id }: { id: string }) {
  const { mistakes } = use(TallyContext);
  return mistakes.get(id)?.map((message) => (
    <p key={message} className={classes.wrong} role="alert">
      {message}
    </p>
  ));
}
