// One segment of the list.
import { Badge, Group, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import type { Schemas } from '../../api/client';
import { usedBy } from '../../api/segments';
import { daily } from '../../charts/daily';
import { Sparkline } from '../../charts/sparkline';
import { count } from '../../format/number';
import { ago } from '../../format/time';
import { useInWords } from '../../parts/in-words';
import { TextLink } from '../../parts/link';
import { segments as segmentsTexts } from '../../texts/en/segments';

/** Days that sparklines look back. */
export const TREND_DAYS = 30;

interface SegmentRowProps {
  segment: Schemas['SegmentAnswer'];
  performance: Schemas['SegmentPerformance'] | undefined;
}

export function SegmentRow({ segment, performance }: SegmentRowProps) {
  const words = segmentsTexts;
  const inWords = useInWords();
  const users = useQuery(usedBy(segment.id)).data;
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap={8}>
          <TextLink
            to="/app/segments/$id"
            params={{ id: String(segment.id) }}
            fw={550}
            c="var(--text-strong)"
          >
            {segment.name}
          </TextLink>
          {segment.status === 'draft' && <Badge size="sm">{words.draft}</Badge>}
          {segment.status === 'archived' && <Badge size="sm">{words.archived}</Badge>}
          {segment.segment_type !== 'dynamic' && <Badge size="sm">{words.kinds[segment.segment_type]}</Badge>}
          {segment.tags.map((tag) => (
            <Badge key={tag} size="sm">
              {tag}
            </Badge>
          ))}
        </Group>
        <Text size="sm" c="dimmed" lineClamp={1} maw="34rem" mt={2}>
          {segment.description || inWords(segment.text ?? '')}
        </Text>
      </Table.Td>
      <Table.Td ta="right" fw={550}>
        {typeof segment.count === 'number' && count(segment.count)}
      </Table.Td>
      <Table.Td visibleFrom="md">
        {performance && (
          <Sparkline label={segment.name} values={daily(performance, TREND_DAYS, segment.now)} width={104} height={28} />
        )}
      </Table.Td>
      <Table.Td visibleFrom="md">
        <Text size="sm" c="dimmed">
          {users && words.usedBy(users.total)}
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <Text size="sm" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
          {ago(segment.updated_at, new Date(segment.now))}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}
