// Who saved what, the newest first.
import { Skeleton, Stack, Text } from '@mantine/core';

import type { Schemas } from '../../api/client';
import { ago } from '../../format/time';
import { TextLink } from '../../parts/link';
import { Panel } from '../../parts/panel';
import { home as homeTexts } from '../../texts/en/home';
import classes from './home.module.css';

/** Changes that are shown. */
const SHOWN = 7;

export function RecentPanel({ dashboard }: { dashboard: Schemas['DashboardAnswer'] | undefined }) {
  const words = homeTexts;
  const changes = dashboard?.recent.slice(0, SHOWN);
  return (
    <Panel title={words.recent}>
      {!changes && <Skeleton height={120} />}
      {changes?.length === 0 && <Text c="dimmed">{words.noRecent}</Text>}
      <Stack gap="sm" component="ul" className={classes.list}>
        {changes?.map((change) => (
          <li key={`${change.kind} ${change.id} ${change.version}`}>
            <Text size="sm">
              <TextLink
                to={change.kind === 'segment' ? '/app/segments/$id' : '/app/audiences/$id'}
                params={{ id: String(change.id) }}
                inherit
              >
                {change.name}
              </TextLink>{' '}
              {words.recentLine[change.change]} {change.changed_by && words.by(change.changed_by)}
            </Text>
            <Text size="xs" c="dimmed">
              {ago(change.saved_at, new Date(dashboard?.now ?? 0))}, {words.version(change.version)}
            </Text>
          </li>
        ))}
      </Stack>
    </Panel>
  );
}
