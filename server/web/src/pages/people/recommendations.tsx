// Which events for sale fit somebody best; nothing where there are none.
import { Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import { recommendedTo } from '../../api/people';
import { day } from '../../format/time';
import { Panel } from '../../parts/panel';
import { people as peopleTexts } from '../../texts/en/people';

export function RecommendationsPanel({ id }: { id: string }) {
  const words = peopleTexts;
  const told = useQuery(recommendedTo(id)).data;
  if (!told || told.total === 0) return null;
  return (
    <Panel title={words.recommendations}>
      <Stack gap="sm">
        {told.events.map((event) => (
          <Group key={event.event_id} justify="space-between" wrap="nowrap" align="flex-start">
            <div>
              <Text size="sm" fw={550}>
                {event.name}
              </Text>
              <Text size="xs" c="dimmed">
                {[event.starts_at && day(event.starts_at), words.reasons(event.reasons.map((one) => one.reason).join(', '))]
                  .filter(Boolean)
                  .join(' · ')}
              </Text>
            </div>
            <Text size="sm" style={{ whiteSpace: 'nowrap' }}>
              {words.score(event.score, told.max_score)}
            </Text>
          </Group>
        ))}
      </Stack>
    </Panel>
  );
}
