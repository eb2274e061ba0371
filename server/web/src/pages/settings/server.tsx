// How the server is: whether everything works, what it keeps, what is still to be erased from its disk.
import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { erasures, makeBackup, makeCheckpoint } from '../../api/house';
import { health } from '../../api/overview';
import { count } from '../../format/number';
import { size } from '../../format/size';
import { dayAndTime } from '../../format/time';
import { CheckSign, WarningSign } from '../../parts/icons';
import { May, useMay } from '../../parts/may';
import { done, failed } from '../../parts/notify';
import { Panel } from '../../parts/panel';
import { Trouble } from '../../parts/trouble';
import { settings as settingsTexts } from '../../texts/en/settings';
import classes from './settings.module.css';

export function Server() {
  const words = settingsTexts;
  const told = useQuery(health);
  const mayAdminister = useMay('administer');
  const receipts = useQuery({ ...erasures, enabled: mayAdminister }).data;
  const server = told.data;
  if (told.isError) return <Trouble error={told.error} onRetry={() => void told.refetch()} />;
  if (!server) return null;
  const { memory } = server;
  return (
    <Stack gap="md">
      <Panel title={words.server}>
        <Group gap={10} wrap="nowrap" mb="md" role="status">
          <span style={{ color: server.ok ? 'var(--good)' : 'var(--warn)', display: 'flex' }}>{server.ok ? <CheckSign /> : <WarningSign />}</span>
          <Text>{server.ok ? words.all : (server.read_only ?? server.storage_full ?? words.notAll)}</Text>
        </Group>
        <dl className={classes.facts}>
          <dt>{words.version}</dt>
          <dd>{server.version}</dd>
          <dt>{words.dataVersion}</dt>
          <dd>{count(server.data_version)}</dd>
          <dt>{words.durability}</dt>
          <dd>{words.durabilities[server.durability]}</dd>
          <dt>{words.memory}</dt>
          <dd>{memory.budget_bytes == null ? size(memory.used_bytes) : words.memoryOf(size(memory.used_bytes), size(memory.budget_bytes))}</dd>
        </dl>
        {/* What is in memory only has nothing to be written down to. */}
        {server.durability === 'log' && (
          <May right="operate">
            <Keeping />
          </May>
        )}
      </Panel>
      <Panel title={words.erasures}>
        <dl className={classes.facts}>
          {receipts && (
            <>
              <dt>{words.erasuresTotal}</dt>
              <dd>{count(receipts.total)}</dd>
            </>
          )}
          <dt>{words.erasuresPending}</dt>
          <dd>
            {count(server.erasures.pending)}
            {server.erasures.overdue && ` (${words.overdue})`}
          </dd>
          {server.erasures.on_disk_until && (
            <>
              <dt>{words.onDiskUntil}</dt>
              <dd>{dayAndTime(server.erasures.on_disk_until)}</dd>
            </>
          )}
        </dl>
      </Panel>
    </Stack>
  );
}

function Keeping() {
  const words = settingsTexts;
  const queries = useQueryClient();
  const settled = () => void queries.invalidateQueries();
  const checkpoint = useMutation({
    mutationFn: makeCheckpoint,
    onSuccess: () => done(words.checkpointDone),
    onError: failed,
    onSettled: settled,
  });
  const backup = useMutation({ mutationFn: makeBackup, onSuccess: () => done(words.backupDone), onError: failed, onSettled: settled });
  return (
    <Stack gap={6} mt="lg">
      <Group>
        <Button variant="default" loading={checkpoint.isPending} onClick={() => checkpoint.mutate()}>
          {words.checkpoint}
        </Button>
        <Button variant="default" loading={backup.isPending} onClick={() => backup.mutate()}>
          {words.backup}
        </Button>
      </Group>
      <Text size="sm" c="dimmed">
        {words.checkpointAbout}
      </Text>
    </Stack>
  );
}
