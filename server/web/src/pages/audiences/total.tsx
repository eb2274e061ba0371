// How many will receive it, while it is put together, and the sum it comes from.
import { Card, Divider, Skeleton, Text, VisuallyHidden } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';

import { count, share, took } from '../../format/number';
import { Trouble } from '../../parts/trouble';
import { audiences as audiencesTexts } from '../../texts/en/audiences';
import classes from './audiences.module.css';
import type { Live } from './preview';
import { addsUp, sumsOf } from './sums';

/** Milliseconds after which a total that stands is read out. */
const READ_OUT_MS = 1_000;

interface TotalProps {
  live: Live;
  /** Whether groups hold that are counted only once it is saved. */
  lacksPriority: boolean;
}

export function TotalPanel({ live, lacksPriority }: TotalProps) {
  const words = audiencesTexts;
  const { total, isCurrent, error } = live;
  const [readOut] = useDebouncedValue(isCurrent && total ? words.liveTold(count(total.count)) : '', READ_OUT_MS);
  return (
    <Card component="section" aria-label={words.total} className={classes.totalPlace}>
      <Text size="sm" c="dimmed">
        {words.total}
      </Text>
      {total ? (
        <p className={classes.total} data-total={isCurrent ? total.count : undefined} aria-busy={!isCurrent}>
          {count(total.count)}
        </p>
      ) : (
        <Skeleton height={48} width="60%" />
      )}
      <Text size="sm" c="dimmed" mt={4}>
        {total ? words.ofAll(share(total.population === 0 ? 0 : total.count / total.population), count(total.population)) : ' '}
      </Text>
      <Text size="sm" c="dimmed">
        {error ? words.notCounted : isCurrent && total ? words.counted(took(total.took_us)) : words.updating}
      </Text>
      <VisuallyHidden role="status">{readOut}</VisuallyHidden>
      {error && (
        <div style={{ marginTop: 12 }}>
          <Trouble error={error} onRetry={live.retry} />
        </div>
      )}
      {total && <Sum total={total} />}
      {lacksPriority && (
        <Text size="sm" c="dimmed" mt="sm">
          {words.priorityNotCounted}
        </Text>
      )}
    </Card>
  );
}

const SIGNS = { gross: '', duplicates: '−', excluded: '−', gates: '−', final: '=' } as const;

function Sum({ total }: { total: NonNullable<Live['total']> }) {
  const words = audiencesTexts;
  const sums = sumsOf(total.breakdown);
  return (
    <>
      <Divider my="md" />
      <dl className={classes.sums} aria-label={words.sum}>
        {(Object.keys(SIGNS) as (keyof typeof SIGNS)[]).map((key) => (
          <div key={key}>
            <dt className={key === 'final' ? classes.final : undefined} data-sign={SIGNS[key]}>{words.sums[key]}</dt>
            <dd className={key === 'final' ? classes.final : undefined} data-sum={key}>
              {count(sums[key])}
            </dd>
          </div>
        ))}
      </dl>
      {!addsUp(total.breakdown, total.count) && (
        <Text size="sm" c="var(--bad)" mt="sm" role="alert">
          {words.doesNotAddUp}
        </Text>
      )}
    </>
  );
}
