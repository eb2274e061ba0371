// The snapshots of an audience: their sizes through time, their digests, what lies between two, and exports.
import { Badge, Button, Checkbox, Group, SimpleGrid, Skeleton, Stack, Text, Title, Tooltip } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';

import type { Audience } from '../../api/audiences';
import { snapshots } from '../../api/overview';
import { type Snapshot, snapshotDifference, verifySnapshot } from '../../api/snapshots';
import { Bars } from '../../charts/bars';
import { count } from '../../format/number';
import { dayAndTime, shortDay } from '../../format/time';
import { CardTable } from '../../parts/card-table';
import { Empty } from '../../parts/empty';
import { done, failed } from '../../parts/notify';
import { Panel } from '../../parts/panel';
import { Cell, StackedRow } from '../../parts/stacked';
import { Trouble } from '../../parts/trouble';
import { audiences as audiencesTexts } from '../../texts/en/audiences';
import classes from './audiences.module.css';
import { People } from './composition';
import { ExportModal } from './export';
import { DownloadSign } from './signs';

const route = getRouteApi('/app/audiences/$id');

/** Sizes that are drawn, the newest first. */
const BARS = 12;

/** Characters of a digest that are shown; the whole is in its title. */
const DIGEST_SHOWN = 12;

export function SnapshotsTab({ saved }: { saved: Audience }) {
  const words = audiencesTexts;
  const { data, error, refetch } = useQuery(snapshots);
  const { from, to } = route.useSearch();
  const navigate = route.useNavigate();
  const [exported, setExported] = useState<Snapshot | null>(null);
  if (error) return <Trouble error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton height={240} radius="lg" />;
  const mine = data.filter((one) => one.audience_id === saved.id);
  if (mine.length === 0) return <Empty title={words.snapshotsNone}>{words.snapshotsNoneAbout}</Empty>;
  const marked = [from, to].filter((id): id is number => mine.some((one) => one.id === id));
  const mark = (id: number) => {
    const chosen = marked.includes(id) ? marked.filter((one) => one !== id) : [...marked, id].slice(-2);
    const next = chosen.sort((a, b) => a - b);
    void navigate({ search: { tab: 'snapshots', from: next[0], to: next[1] }, replace: true });
  };
  return (
    <Stack gap="md">
      <CardTable label={words.tabs.snapshots} head={Object.values(words.snapshotHead)} figures={[2]}>
        {mine.map((one) => (
          <SnapshotRow
            key={one.id}
            snapshot={one}
            isMarked={marked.includes(one.id)}
            onMark={() => mark(one.id)}
            onExport={() => setExported(one)}
          />
        ))}
      </CardTable>
      {marked.length === 2 && marked[0] !== undefined && marked[1] !== undefined ? (
        <SnapshotDifference from={marked[0]} to={marked[1]} />
      ) : (
        mine.length > 1 && <Text c="dimmed">{words.differenceHint}</Text>
      )}
      {mine.length > 1 && (
        <Panel title={words.snapshotSize}>
          <Bars
            label={words.snapshotSize}
            head={[words.snapshotHead.when, words.snapshotHead.people]}
            bars={mine.slice(0, BARS).map((one) => ({ name: `#${one.id}, ${shortDay(one.created_at)}`, value: one.count }))}
          />
        </Panel>
      )}
      {exported && <ExportModal snapshot={exported} onClose={() => setExported(null)} />}
    </Stack>
  );
}

interface RowProps {
  snapshot: Snapshot;
  isMarked: boolean;
  onMark: () => void;
  onExport: () => void;
}

function SnapshotRow({ snapshot, isMarked, onMark, onExport }: RowProps) {
  const words = audiencesTexts;
  const verify = useMutation({
    mutationFn: () => verifySnapshot(snapshot.id),
    onSuccess: (answer) => done(answer.message ?? words.verified),
    onError: failed,
  });
  return (
    <StackedRow>
      <Cell of={words.snapshotHead.compare}>
        <Checkbox aria-label={words.compareWith(snapshot.id)} checked={isMarked} onChange={onMark} />
      </Cell>
      <Cell isTitle>
        <Text size="sm">{dayAndTime(snapshot.created_at)}</Text>
        <Text size="sm" c="dimmed">
          #{snapshot.id}, {snapshot.name}, {words.dataVersion(snapshot.data_version)}
        </Text>
      </Cell>
      <Cell of={words.snapshotHead.people} isFigure>
        <Text fw={550} className={classes.number}>
          {count(snapshot.count)}
        </Text>
        {snapshot.erased > 0 && <Badge size="sm">{words.erased(snapshot.erased)}</Badge>}
      </Cell>
      <Cell of={words.snapshotHead.digest}>
        <Tooltip label={snapshot.digest} multiline w={320} style={{ overflowWrap: 'anywhere' }}>
          <span className={classes.digest} tabIndex={0}>
            {snapshot.digest.slice(0, DIGEST_SHOWN)}…
          </span>
        </Tooltip>
      </Cell>
      <Cell>
        <Group gap={6} wrap="nowrap">
          <Button
            size="compact-sm"
            variant="default"
            aria-label={words.verifyOf(snapshot.id)}
            loading={verify.isPending}
            onClick={() => verify.mutate()}
          >
            {words.verify}
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<DownloadSign size={14} />}
            aria-label={words.exportOf(snapshot.id)}
            onClick={onExport}
          >
            {words.export}
          </Button>
        </Group>
      </Cell>
    </StackedRow>
  );
}

function SnapshotDifference({ from, to }: { from: number; to: number }) {
  const words = audiencesTexts;
  const { data, error } = useQuery(snapshotDifference(from, to));
  const figures = data && ([['entered', data.entered], ['left', data.left], ['stayed', data.unchanged]] as const);
  return (
    <Panel title={words.difference(from, to)}>
      {error && <Trouble error={error} />}
      {!data && !error && <Skeleton height={80} />}
      {figures && (
        <Group gap="xl" mb="md">
          {figures.map(([key, value]) => (
            <div key={key}>
              <Text size="sm" c="dimmed">
                {words[key]}
              </Text>
              <Text fz="xl" fw={620} className={classes.number}>
                {count(value)}
              </Text>
            </div>
          ))}
        </Group>
      )}
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
        {data &&
          ([['entered', data.entered_sample], ['left', data.left_sample]] as const)
            .filter(([, sample]) => sample.length > 0)
            .map(([key, sample]) => (
              <div key={key}>
                <Title order={3} mb={4}>
                  {words[key]}
                </Title>
                <People people={sample} />
              </div>
            ))}
      </SimpleGrid>
    </Panel>
  );
}
