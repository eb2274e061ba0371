// The number: how many, what share that is, and how long it took to count them. It changes with every key and is never
// blank once it was there.
import { Card, Text, VisuallyHidden } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';

import { count, share, took } from '../../../format/number';
import { builder as builderTexts } from '../../../texts/en/builder';
import type { Counting } from './counting';
import classes from './edit.module.css';

/** Milliseconds after which a number that stands is read out: not each of those that come while one types. */
const READ_OUT_MS = 800;

export function Size({ counting, population, muted }: { counting: Counting; population: number; muted: number }) {
  const words = builderTexts;
  const { answer, criteria, problem, isAway, isBehind, written } = counting;
  const isAll = criteria === null;
  const all = answer?.population ?? population;
  const people = isAll ? all : problem ? undefined : answer?.count;
  const part = people === undefined || all === 0 ? 0 : people / all;
  const [readOut] = useDebouncedValue(isBehind || people === undefined ? '' : words.totalTold(count(people), share(part)), READ_OUT_MS);
  return (
    <Card className={classes.sizeCard} p="md" component="section" aria-label={words.total}>
      <Text size="sm" c="dimmed">
        {words.total}
      </Text>
      <div className={classes.figure} aria-busy={isBehind} data-total={people} data-asked={isBehind ? undefined : 'now'}>
        <span className={classes.number}>{people === undefined ? '–' : count(people)}</span>
        <Text span c="dimmed">
          {people !== undefined && words.ofAll(share(part), count(all))}
        </Text>
      </div>
      <VisuallyHidden role="status">{readOut}</VisuallyHidden>
      <div className={classes.bar} aria-hidden>
        <div style={{ width: `${100 * part}%` }} />
      </div>
      <Text size="xs" c="dimmed" mt={8}>
        {isAll && words.nothingYet}
        {!isAll && !problem && (answer ? words.took(took(answer.took_us)) : words.counting)}
        {problem && words.notCounted}
      </Text>
      {problem && (
        <Text size="sm" c="var(--bad)" mt={4} role="alert">
          {problem.said}
        </Text>
      )}
      {isAway && (
        <Text size="sm" c="var(--warn)" mt={4} role="alert">
          {words.away}
        </Text>
      )}
      {written.unfinished.length > 0 && (
        <Text size="xs" c="var(--warn)" mt={4}>
          {words.leftOut(written.unfinished.length)}
        </Text>
      )}
      {muted > 0 && (
        <Text size="xs" c="dimmed" mt={4}>
          {words.mutedOut(muted)}
        </Text>
      )}
    </Card>
  );
}
