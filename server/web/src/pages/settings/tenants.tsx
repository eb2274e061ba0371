// Tenants, for operators: made, bounded, suspended, deleted.
import { Autocomplete, Badge, Button, Group, NumberInput, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import type { Schemas } from '../../api/client';
import { changeTenant, deleteTenant, makeTenant, tenants } from '../../api/house';
import { count } from '../../format/number';
import { day } from '../../format/time';
import { CardTable } from '../../parts/card-table';
import { ChangeDialog } from '../../parts/change-dialog';
import { PlusSign } from '../../parts/icons';
import { failed } from '../../parts/notify';
import { Cell, StackedRow } from '../../parts/stacked';
import { settings as settingsTexts } from '../../texts/en/settings';
import { Section } from './section';

type Tenant = Schemas['TenantAnswer'];
type Doing = { what: 'make' } | { what: 'edit' | 'delete'; one: Tenant };

export function Tenants() {
  const words = settingsTexts;
  const told = useQuery(tenants);
  const [doing, setDoing] = useState<Doing>();
  const close = () => setDoing(undefined);
  return (
    <Section
      about={words.tenantsAbout}
      asked={told}
      actions={
        <Button leftSection={<PlusSign size={16} />} onClick={() => setDoing({ what: 'make' })}>
          {words.newTenant}
        </Button>
      }
    >
      <CardTable label={words.tabs.tenants ?? ''} head={Object.values(words.tenantHead)}>
        {told.data?.map((one) => (
          <StackedRow key={one.id}>
            <Cell>
              <Group gap={8}>
                <Text fw={550}>{one.id}</Text>
                {one.suspended_at && <Badge size="sm">{words.suspended}</Badge>}
              </Group>
              <Text size="xs" c="dimmed">
                {one.created_at ? words.made(day(one.created_at)) : words.madeWithServer}
              </Text>
            </Cell>
            <Cell of={words.tenantHead.region}>{[one.time_zone ?? words.noZone, one.currency].filter(Boolean).join(', ')}</Cell>
            <Cell of={words.tenantHead.limits}>
              {limitsOf(one).map((limit) => (
                <Text key={limit} size="sm">
                  {limit}
                </Text>
              ))}
            </Cell>
            <Cell>
              <Actions one={one} onDo={(what) => setDoing({ what, one })} />
            </Cell>
          </StackedRow>
        ))}
      </CardTable>
      {doing?.what === 'make' && <Edit onClose={close} />}
      {doing?.what === 'edit' && <Edit one={doing.one} onClose={close} />}
      {doing?.what === 'delete' && <Delete one={doing.one} onClose={close} />}
    </Section>
  );
}

/** What a tenant may have at most, in words. */
function limitsOf({ quota }: Tenant): string[] {
  const words = settingsTexts;
  const bounds = [
    [quota.profiles, words.limitOf.profiles],
    [quota.segments, words.limitOf.segments],
    [quota.events, words.limitOf.events],
    [quota.requests_per_second, words.limitOf.rate],
  ] as const;
  const told = bounds.flatMap(([bound, tell]) => (bound == null ? [] : [tell(count(bound))]));
  return told.length > 0 ? told : [words.unbounded];
}

function Actions({ one, onDo }: { one: Tenant; onDo: (what: 'edit' | 'delete') => void }) {
  const words = settingsTexts;
  const queries = useQueryClient();
  const suspend = useMutation({
    mutationFn: (suspended: boolean) => changeTenant(one.id, { suspended }),
    onSuccess: () => queries.invalidateQueries({ queryKey: tenants.queryKey }),
    onError: failed,
  });
  const isOn = !one.suspended_at;
  return (
    <Group gap={6} wrap="nowrap">
      <Button size="compact-sm" variant="default" aria-label={words.editOf(one.id)} onClick={() => onDo('edit')}>
        {words.edit}
      </Button>
      {/* The one that every server has can neither be suspended nor deleted. */}
      {one.created_at && (
        <>
          <Button
            size="compact-sm"
            variant="default"
            aria-label={(isOn ? words.suspendOf : words.resumeOf)(one.id)}
            loading={suspend.isPending}
            onClick={() => suspend.mutate(isOn)}
          >
            {isOn ? words.suspend : words.resume}
          </Button>
          <Button size="compact-sm" variant="default" c="var(--bad)" aria-label={words.deleteOf(one.id)} onClick={() => onDo('delete')}>
            {words.delete}
          </Button>
        </>
      )}
    </Group>
  );
}

/** Zones that the browser knows; the server knows others as well, and says so of those that it does not. */
const ZONES = ['UTC', ...Intl.supportedValuesOf('timeZone')];

/** Zones that are offered at a time. */
const OFFERED = 20;

/** Letters of a code of ISO 4217. */
const CURRENCY_CHARS = 3;

function Edit({ one, onClose }: { one?: Tenant; onClose: () => void }) {
  const words = settingsTexts;
  const [id, setId] = useState('');
  const [profiles, setProfiles] = useState<string | number>(one?.quota.profiles ?? '');
  const [segments, setSegments] = useState<string | number>(one?.quota.segments ?? '');
  const [rate, setRate] = useState<string | number>(one?.quota.requests_per_second ?? '');
  const [zone, setZone] = useState(one?.time_zone ?? '');
  const [currency, setCurrency] = useState(one?.currency ?? '');
  const save = (): Promise<unknown> => {
    // 0 takes a bound away.
    const asked = {
      profiles: Number(profiles),
      segments: Number(segments),
      requests_per_second: Number(rate),
      ...(zone.trim() ? { time_zone: zone.trim() } : {}),
      ...(currency.trim() ? { currency: currency.trim().toUpperCase() } : {}),
    };
    return one ? changeTenant(one.id, asked) : makeTenant({ id: id.trim(), ...asked });
  };
  return (
    <ChangeDialog title={one ? words.editOf(one.id) : words.newTenant} submit={one ? words.save : words.make} ask={save} onClose={onClose}>
      {!one && (
        <TextInput label={words.tenantId} description={words.tenantIdAbout} value={id} onChange={(event) => setId(event.currentTarget.value)} data-autofocus />
      )}
      <Group grow align="flex-start">
        <Autocomplete label={words.zone} description={words.zoneAbout} placeholder={words.zoneHint} data={ZONES} limit={OFFERED} value={zone} onChange={setZone} />
        <TextInput
          label={words.currency}
          description={words.currencyAbout}
          placeholder={words.currencyHint}
          maxLength={CURRENCY_CHARS}
          value={currency}
          onChange={(event) => setCurrency(event.currentTarget.value)}
        />
      </Group>
      <NumberInput label={words.quotaProfiles} description={words.quotaAbout} value={profiles} onChange={setProfiles} min={0} allowDecimal={false} hideControls />
      <NumberInput label={words.quotaSegments} description={words.quotaAbout} value={segments} onChange={setSegments} min={0} allowDecimal={false} hideControls />
      <NumberInput label={words.quotaRate} description={words.quotaAbout} value={rate} onChange={setRate} min={0} allowDecimal={false} hideControls />
    </ChangeDialog>
  );
}

function Delete({ one, onClose }: { one: Tenant; onClose: () => void }) {
  const words = settingsTexts;
  const [typed, setTyped] = useState('');
  return (
    <ChangeDialog
      title={words.tenantDeleteTitle(one.id)}
      submit={words.delete}
      ask={() => deleteTenant(one.id)}
      said={({ receipt }) => words.tenantDeleted(receipt)}
      onClose={onClose}
      isDisabled={typed.trim() !== one.id}
      isGrave
    >
      <Text size="sm">{words.tenantDeleteAbout}</Text>
      <TextInput label={words.typeToConfirm(one.id)} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} autoComplete="off" data-autofocus />
    </ChangeDialog>
  );
}
