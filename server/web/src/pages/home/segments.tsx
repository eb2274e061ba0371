// The largest segments with their live sizes and how they went.
import { Badge, Group, Skeleton, Table, Text } from '@mantine/core';

import type { Schemas } from '../../api/client';
import { daily } from '../../charts/daily';
import { Sparkline } from '../../charts/sparkline';
import { change, count, growth, share } from '../../format/number';
import { Empty } from '../../parts/empty';
import { ButtonLink, TextLink } from '../../parts/link';
import { Panel } from '../../parts/panel';
import { home as homeTexts } from '../../texts/en/home';
import classes from './home.module.css';

/** Days that sparklines and growth look back. */
export const TREND_DAYS = 30;

/** Segments that are shown; the list has all. */
const SHOWN = 8;

interface SegmentPanelProps {
  dashboard: Schemas['DashboardAnswer'] | undefined;
  analytics: Schemas['SegmentAnalytics'] | undefined;
}

export function SegmentPanel({ dashboard, analytics }: SegmentPanelProps) {
  const words = homeTexts;
  const largest = [...(dashboard?.segments ?? [])].sort((a, b) => b.count - a.count).slice(0, SHOWN);
  return (
    <Panel
      title={words.list}
      about={words.listAbout}
      aside={<TextLink to="/app/segments" size="sm">{words.all}</TextLink>}
    >
      {!dashboard && <Skeleton height={240} />}
      {dashboard && largest.length === 0 && (
        <Empty
          title={words.noSegments}
          action={<ButtonLink to="/app/segments/new">{words.newSegment}</ButtonLink>}
        >
          {words.noSegmentsAbout}
        </Empty>
      )}
      {dashboard && largest.length > 0 && (
        <Table.ScrollContainer minWidth={280} type="native">
          <Table verticalSpacing="xs" horizontalSpacing={6} aria-label={words.list}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{words.name}</Table.Th>
                <Table.Th ta="right">{words.size}</Table.Th>
                <Table.Th ta="right" visibleFrom="md">
                  {words.share}
                </Table.Th>
                <Table.Th ta="right">{words.today}</Table.Th>
                <Table.Th pl="md" visibleFrom="sm">
                  {words.trend}
                </Table.Th>
                <Table.Th ta="right" visibleFrom="sm">
                  {words.growth}
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {largest.map((segment) => (
                <Row
                  key={segment.id}
                  segment={segment}
                  population={dashboard.population}
                  performance={analytics?.items.find((one) => one.id === segment.id)}
                  now={dashboard.now}
                />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Panel>
  );
}

interface RowProps {
  segment: Schemas['DashboardSegment'];
  population: number;
  performance: Schemas['SegmentPerformance'] | undefined;
  now: string;
}

function Row({ segment, population, performance, now }: RowProps) {
  const [entered, left] = [performance?.entered_since ?? 0, performance?.left_since ?? 0];
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap={8} wrap="nowrap">
          <TextLink to="/app/segments/$id" params={{ id: String(segment.id) }} className={classes.name}>
            {segment.name}
          </TextLink>
          {segment.status === 'draft' && <Badge size="sm">{homeTexts.draft}</Badge>}
        </Group>
      </Table.Td>
      <Table.Td ta="right" fw={550}>
        {count(segment.count)}
      </Table.Td>
      <Table.Td ta="right" c="dimmed" visibleFrom="md">
        {share(population === 0 ? 0 : segment.count / population)}
      </Table.Td>
      <Table.Td ta="right" className={classes.moves}>
        {entered + left > 0 ? (
          <span aria-label={homeTexts.todayTold(count(entered), count(left))} role="img">
            {entered > 0 && (
              <Text span inherit c="var(--good)">
                {change(entered)}
              </Text>
            )}{' '}
            {left > 0 && (
              <Text span inherit c="var(--bad)">
                {change(-left)}
              </Text>
            )}
          </span>
        ) : (
          <Text span inherit c="dimmed">
            {performance ? 0 : '–'}
          </Text>
        )}
      </Table.Td>
      <Table.Td pl="md" visibleFrom="sm">
        {performance && <Sparkline label={segment.name} values={daily(performance, TREND_DAYS, now)} width={84} height={28} />}
      </Table.Td>
      <Table.Td ta="right" c="dimmed" visibleFrom="sm">
        {performance && (typeof performance.growth === 'number' ? growth(performance.growth) : homeTexts.noGrowth)}
      </Table.Td>
    </Table.Tr>
  );
}
