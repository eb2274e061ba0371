// Snapshots as files.
import { Button, Group, Skeleton } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';

import { snapshots } from '../../api/overview';
import { save } from '../../api/transfer';
import { count } from '../../format/number';
import { dayAndTime } from '../../format/time';
import { Empty } from '../../parts/empty';
import { ButtonLink } from '../../parts/link';
import { failed } from '../../parts/notify';
import { Panel } from '../../parts/panel';
import { Cell, Stacked, StackedRow } from '../../parts/stacked';
import { Trouble } from '../../parts/trouble';
import { data as dataTexts } from '../../texts/en/data';

const FORMATS = [
  { name: 'CSV', format: 'csv', type: 'text/csv' },
  { name: 'NDJSON', format: 'ndjson', type: 'application/x-ndjson' },
  { name: 'Parquet', format: 'parquet', type: 'application/vnd.apache.parquet' },
];

export function Exports() {
  const words = dataTexts;
  const told = useQuery(snapshots);
  const keep = useMutation({
    mutationFn: ({ id, format, type }: { id: number; format: string; type: string }) =>
      save(`/api/snapshots/${id}/export?format=${format}`, `snapshot-${id}.${format}`, type),
    onError: failed,
  });
  if (told.isError) return <Trouble error={told.error} onRetry={() => void told.refetch()} />;
  if (told.isPending) return <Skeleton height={200} radius="lg" />;
  if (told.data.length === 0) {
    return (
      <Empty title={words.noExports} action={<ButtonLink to="/app/audiences">{words.toAudiences}</ButtonLink>}>
        {words.noExportsAbout}
      </Empty>
    );
  }
  return (
    <Panel title={words.exports} about={words.exportsAbout}>
      <Stacked label={words.exports} below="wide" verticalSpacing="sm" horizontalSpacing="lg" head={Object.values(words.exportHead)} figures={[1]}>
        {told.data.map((one) => (
          <StackedRow key={one.id}>
            <Cell fw={550}>{one.name}</Cell>
            <Cell of={words.exportHead.count} isFigure>
              {count(one.count)}
            </Cell>
            <Cell of={words.exportHead.at}>{dayAndTime(one.created_at)}</Cell>
            <Cell>
              <Group gap={6} wrap="nowrap">
                {FORMATS.map(({ name, format, type }) => (
                  <Button
                    key={format}
                    size="compact-sm"
                    variant="default"
                    aria-label={words.saveAs(one.name, name)}
                    onClick={() => keep.mutate({ id: one.id, format, type })}
                  >
                    {name}
                  </Button>
                ))}
              </Group>
            </Cell>
          </StackedRow>
        ))}
      </Stacked>
    </Panel>
  );
}
