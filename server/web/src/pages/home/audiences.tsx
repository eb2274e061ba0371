// The newest audiences, and the newest snapshots of them.
import { Badge, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import type { Schemas } from '../../api/client';
import { snapshots } from '../../api/overview';
import { count } from '../../format/number';
import { ago } from '../../format/time';
import { Empty } from '../../parts/empty';
import { TextLink } from '../../parts/link';
import { Panel } from '../../parts/panel';
import { home as homeTexts } from '../../texts/en/home';
import classes from './home.module.css';

/** Audiences and snapshots that are shown. */
const SHOWN = 5;

export function AudiencePanel({ dashboard }: { dashboard: Schemas['DashboardAnswer'] | undefined }) {
  const words = homeTexts;
  const frozen = useQuery(snapshots).data;
  const newest = [...(dashboard?.audiences ?? [])]
    .sort((a, b) => b.updated_at.localeCompare(a.updated_at))
    .slice(0, SHOWN);
  const now = new Date(dashboard?.now ?? 0);
  return (
    <Panel
      title={words.audienceList}
      aside={<TextLink to="/app/audiences" size="sm">{words.allAudiences}</TextLink>}
    >
      {!dashboard && <Skeleton height={120} />}
      {dashboard && newest.length === 0 && <Empty title={words.noAudiences}>{words.noAudiencesAbout}</Empty>}
      {dashboard && newest.length > 0 && (
        <div className={classes.pair}>
          <Stack gap="sm" component="ul" className={classes.list}>
            {newest.map((audience) => (
              <Group key={audience.id} component="li" justify="space-between" wrap="nowrap" gap="sm">
                <Group gap={8} wrap="nowrap" miw={0}>
                  <TextLink to="/app/audiences/$id" params={{ id: String(audience.id) }} className={classes.name}>
                    {audience.name}
                  </TextLink>
                  {audience.status === 'draft' && <Badge size="sm" style={{ flexShrink: 0 }}>{words.draft}</Badge>}
                </Group>
                <Text fw={550} className={classes.number}>
                  {count(audience.customer_count)}
                </Text>
              </Group>
            ))}
          </Stack>
          <Stack gap="sm">
            <Title order={3}>{words.snapshots}</Title>
            {frozen?.length === 0 && (
              <Text size="sm" c="dimmed">
                {words.noSnapshotsAbout}
              </Text>
            )}
            <ul className={classes.snapshots}>
              {frozen?.slice(0, SHOWN).map((snapshot) => (
                <li key={snapshot.id}>
                  <Text size="sm">{snapshot.name}</Text>
                  <Text size="sm" c="dimmed" className={classes.number}>
                    {ago(snapshot.created_at, now)}
                  </Text>
                  <Text size="sm" ta="right" className={classes.number}>
                    {count(snapshot.count)}
                  </Text>
                </li>
              ))}
            </ul>
          </Stack>
        </div>
      )}
    </Panel>
  );
}
