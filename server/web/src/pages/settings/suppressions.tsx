// Suppressions: people who are in no audience.
import { Button, Group, NumberInput, Select, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import type { Schemas } from '../../api/client';
import { addSuppression, endSuppression, suppress, suppressions } from '../../api/gates';
import { lists } from '../../api/lists-of-ids';
import { count } from '../../format/number';
import { dayAndTime, instantOf, zoneName } from '../../format/time';
import { CardTable } from '../../parts/card-table';
import { ChangeDialog } from '../../parts/change-dialog';
import { Empty } from '../../parts/empty';
import { PlusSign } from '../../parts/icons';
import { May } from '../../parts/may';
import { Cell, StackedRow } from '../../parts/stacked';
import { settings as settingsTexts } from '../../texts/en/settings';
import { IdsDialog } from './ids-dialog';
import { Section } from './section';

type Suppression = Schemas['SuppressionAnswer'];
type Doing = { what: 'make' } | { what: 'add' | 'end'; one: Suppression };

export function Suppressions() {
  const words = settingsTexts;
  const told = useQuery(suppressions);
  const known = useQuery(lists).data;
  const [doing, setDoing] = useState<Doing>();
  const close = () => setDoing(undefined);
  return (
    <Section
      about={words.suppressionsAbout}
      asked={told}
      actions={
        <May right="write">
          <Button leftSection={<PlusSign size={16} />} onClick={() => setDoing({ what: 'make' })}>
            {words.newSuppression}
          </Button>
        </May>
      }
    >
      {told.data?.length === 0 && <Empty title={words.noSuppressions}>{words.noSuppressionsAbout}</Empty>}
      {told.data && told.data.length > 0 && (
        <CardTable label={words.tabs.suppressions ?? ''} head={Object.values(words.suppressionHead)} figures={[1]}>
          {told.data.map((one) => (
            <StackedRow key={one.id}>
              <Cell fw={550}>{one.name}</Cell>
              <Cell of={words.suppressionHead.count} isFigure>
                {count(one.count)}
                {one.waiting > 0 && (
                  <Text size="xs" c="dimmed">
                    {words.waiting(count(one.waiting))}
                  </Text>
                )}
              </Cell>
              <Cell of={words.suppressionHead.from}>
                {one.list == null ? words.single : words.ofList(known?.find((list) => list.id === one.list)?.name ?? String(one.list))}
              </Cell>
              <Cell of={words.suppressionHead.kept}>{one.keep_days == null ? words.forEver : words.days(one.keep_days)}</Cell>
              <Cell of={words.suppressionHead.until}>{one.expires_at ? dayAndTime(one.expires_at) : words.forEver}</Cell>
              <Cell>
                <May right="write">
                  <Group gap={6} wrap="nowrap">
                    {one.list == null && (
                      <Button size="compact-sm" variant="default" aria-label={words.addPeopleTo(one.name)} onClick={() => setDoing({ what: 'add', one })}>
                        {words.addPeople}
                      </Button>
                    )}
                    <Button size="compact-sm" variant="default" c="var(--bad)" aria-label={words.suppressionEnd(one.name)} onClick={() => setDoing({ what: 'end', one })}>
                      {words.end}
                    </Button>
                  </Group>
                </May>
              </Cell>
            </StackedRow>
          ))}
        </CardTable>
      )}
      {doing?.what === 'make' && <Make onClose={close} />}
      {doing?.what === 'add' && (
        <IdsDialog title={words.addPeopleTo(doing.one.name)} submit={words.addPeople} ask={(ids) => suppress(doing.one.id, ids)} onClose={close} />
      )}
      {doing?.what === 'end' && <End one={doing.one} onClose={close} />}
    </Section>
  );
}

function Make({ onClose }: { onClose: () => void }) {
  const words = settingsTexts;
  const [name, setName] = useState('');
  const [list, setList] = useState<string | null>(null);
  const [days, setDays] = useState<string | number>('');
  const [until, setUntil] = useState('');
  const known = useQuery(lists).data ?? [];
  const make = () =>
    addSuppression({
      name: name.trim(),
      ...(list ? { list: Number(list) } : {}),
      ...(days === '' ? {} : { keep_days: Number(days) }),
      ...(until ? { expires_at: instantOf(until) } : {}),
    });
  return (
    <ChangeDialog title={words.newSuppression} submit={words.make} ask={make} onClose={onClose}>
      <TextInput label={words.name} placeholder={words.suppressionHint} value={name} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
      {known.length > 0 && (
        <Select
          label={words.list}
          placeholder={words.noList}
          data={known.map((one) => ({ value: String(one.id), label: one.name }))}
          value={list}
          onChange={setList}
          clearable
          clearButtonProps={{ 'aria-label': words.noList }}
        />
      )}
      <Group grow align="flex-start">
        <NumberInput label={words.keepDays} description={words.keepDaysAbout} value={days} onChange={setDays} min={1} allowDecimal={false} hideControls />
        <TextInput type="date" label={words.suppressionHead.until} description={words.untilAbout(zoneName())} value={until} onChange={(event) => setUntil(event.currentTarget.value)} />
      </Group>
    </ChangeDialog>
  );
}

function End({ one, onClose }: { one: Suppression; onClose: () => void }) {
  const words = settingsTexts;
  return (
    <ChangeDialog title={words.suppressionEnd(one.name)} submit={words.end} ask={() => endSuppression(one.id)} onClose={onClose} isGrave>
      <Text size="sm">{words.suppressionEndAbout}</Text>
    </ChangeDialog>
  );
}
