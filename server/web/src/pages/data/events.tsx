// Types of events, how many there are and how long they are kept, and their properties.
import { ActionIcon, Badge, Card, Group, NumberInput, Skeleton, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { eventSchema, keepEvents } from '../../api/fields';
import { count } from '../../format/number';
import { ChangeDialog } from '../../parts/change-dialog';
import { Empty } from '../../parts/empty';
import { EditSign } from '../../parts/icons';
import { useMay } from '../../parts/may';
import { Panel } from '../../parts/panel';
import { Trouble } from '../../parts/trouble';
import { data as dataTexts } from '../../texts/en/data';

interface EventType {
  name: string;
  retention_days: number | null;
  events: number;
}

export function Events() {
  const words = dataTexts;
  const told = useQuery(eventSchema);
  const mayChange = useMay('administer');
  const [edited, setEdited] = useState<EventType>();
  if (told.isError) return <Trouble error={told.error} onRetry={() => void told.refetch()} />;
  if (told.isPending) return <Skeleton height={240} radius="lg" />;
  const { types, properties, events } = told.data;
  if (types.length === 0) return <Empty title={words.noEvents}>{words.noEventsAbout}</Empty>;
  return (
    <Stack gap="md">
      <Text c="dimmed">{words.eventsAbout(count(events))}</Text>
      <Card p={0}>
        <Table.ScrollContainer minWidth={420} type="native">
          <Table verticalSpacing="sm" horizontalSpacing="lg" aria-label={words.eventTypes}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{words.eventHead.name}</Table.Th>
                <Table.Th ta="right">{words.eventHead.events}</Table.Th>
                <Table.Th>{words.eventHead.kept}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {types.map((type) => (
                <Table.Tr key={type.name}>
                  <Table.Td fw={550}>{type.name}</Table.Td>
                  <Table.Td ta="right">{count(type.events)}</Table.Td>
                  <Table.Td>
                    <Group gap={6}>
                      {type.retention_days === null ? words.forEver : words.days(type.retention_days)}
                      {mayChange && (
                        <ActionIcon variant="subtle" color="gray" size="sm" aria-label={words.keepEdit(type.name)} onClick={() => setEdited(type)}>
                          <EditSign size={14} />
                        </ActionIcon>
                      )}
                    </Group>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </Card>
      <Panel title={words.properties}>
        <Group gap="sm">
          {properties.map((property) => (
            <Badge key={property.name} size="lg">
              {property.name} · {words.types[property.type] ?? property.type}
            </Badge>
          ))}
        </Group>
      </Panel>
      {edited && <Keep type={edited} onClose={() => setEdited(undefined)} />}
    </Stack>
  );
}

function Keep({ type, onClose }: { type: EventType; onClose: () => void }) {
  const words = dataTexts;
  const [days, setDays] = useState<string | number>(type.retention_days ?? '');
  return (
    <ChangeDialog
      title={words.keepEdit(type.name)}
      submit={words.keepSave}
      ask={() => keepEvents(type.name, days === '' ? null : Number(days))}
      said={() => words.keepSaved(type.name)}
      onClose={onClose}
    >
      <NumberInput
        label={words.keepFor(type.name)}
        description={words.keepAbout}
        value={days}
        onChange={setDays}
        min={1}
        allowDecimal={false}
        hideControls
        data-autofocus
      />
    </ChangeDialog>
  );
}
