// Types of events, how many there are and how long they are kept, and their properties.
import { ActionIcon, Badge, Group, NumberInput, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { eventSchema, keepEvents } from '../../api/fields';
import { readable } from '../../format/field';
import { count } from '../../format/number';
import { CardTable } from '../../parts/card-table';
import { ChangeDialog } from '../../parts/change-dialog';
import { Empty } from '../../parts/empty';
import { EditSign } from '../../parts/icons';
import { useMay } from '../../parts/may';
import { Named } from '../../parts/named';
import { Panel } from '../../parts/panel';
import { Cell, StackedRow } from '../../parts/stacked';
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
      <CardTable label={words.eventTypes} below="narrow" head={Object.values(words.eventHead)} figures={[1]}>
        {types.map((type) => (
          <StackedRow key={type.name}>
            <Cell>
              <Named name={type.name} />
            </Cell>
            <Cell of={words.eventHead.events} isFigure>
              {count(type.events)}
            </Cell>
            <Cell of={words.eventHead.kept}>
              <Group gap={6}>
                {type.retention_days === null ? words.forEver : words.days(type.retention_days)}
                {mayChange && (
                  <ActionIcon variant="subtle" color="gray" size="sm" aria-label={words.keepEdit(readable(type.name))} onClick={() => setEdited(type)}>
                    <EditSign size={14} />
                  </ActionIcon>
                )}
              </Group>
            </Cell>
          </StackedRow>
        ))}
      </CardTable>
      <Panel title={words.properties}>
        <Group gap="sm">
          {properties.map((property) => (
            <Badge key={property.name} size="lg">
              {readable(property.name)} · {words.types[property.type] ?? property.type}
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
      title={words.keepEdit(readable(type.name))}
      submit={words.keepSave}
      ask={() => keepEvents(type.name, days === '' ? null : Number(days))}
      said={() => words.keepSaved(readable(type.name))}
      onClose={onClose}
    >
      <NumberInput
        label={words.keepFor(readable(type.name))}
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
