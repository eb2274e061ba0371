// Keys: made and shown once, listed, replaced, revoked.
import { Badge, Button, Group, NumberInput, Switch, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { type Key, keys, makeKey, revokeKey, rotateKey } from '../../api/house';
import { keep } from '../../api/key';
import { me } from '../../api/me';
import { ago, dayAndTime, instantOf, zoneName } from '../../format/time';
import { CardTable } from '../../parts/card-table';
import { ChangeDialog } from '../../parts/change-dialog';
import { Empty } from '../../parts/empty';
import { PlusSign } from '../../parts/icons';
import { Secret } from '../../parts/secret';
import { Cell, StackedRow } from '../../parts/stacked';
import { settings as settingsTexts } from '../../texts/en/settings';
import { signIn as signInTexts } from '../../texts/en/sign-in';
import { AccessChoice, useAccess } from './access';
import { Section } from './section';

const nameOf = (key: Key) => key.name || key.prefix;

type Doing = { what: 'make' } | { what: 'revoke' | 'rotate'; key: Key } | { what: 'show'; secret: string; isFirst: boolean };

export function Keys() {
  const words = settingsTexts;
  const told = useQuery(keys);
  const who = useQuery(me).data;
  const [isAll, setAll] = useState(false);
  const [doing, setDoing] = useState<Doing>();
  const close = () => setDoing(undefined);
  const active = told.data?.filter((key) => key.is_active) ?? [];
  const shown = isAll ? (told.data ?? []) : active;
  const hasEnded = (told.data?.length ?? 0) > active.length;
  return (
    <Section
      about={words.keysAbout}
      asked={told}
      actions={
        <Button leftSection={<PlusSign size={16} />} onClick={() => setDoing({ what: 'make' })}>
          {words.newKey}
        </Button>
      }
    >
      {told.data?.length === 0 && <Empty title={words.noKeys}>{words.noKeysAbout}</Empty>}
      {hasEnded && <Switch label={words.showEnded} checked={isAll} onChange={(event) => setAll(event.currentTarget.checked)} />}
      {shown.length > 0 && (
        <CardTable label={words.tabs.keys ?? ''} head={Object.values(words.keyHead)}>
          {shown.map((key) => (
            <Row key={key.prefix} one={key} isOwn={key.prefix === who?.key} onDo={(what) => setDoing({ what, key })} />
          ))}
        </CardTable>
      )}
      {doing?.what === 'make' && (
        <Make isFirst={active.length === 0} onClose={close} onMade={(secret, isFirst) => setDoing({ what: 'show', secret, isFirst })} />
      )}
      {doing?.what === 'rotate' && <Rotate one={doing.key} onClose={close} onMade={(secret) => setDoing({ what: 'show', secret, isFirst: false })} />}
      {doing?.what === 'revoke' && <Revoke one={doing.key} onClose={close} />}
      {doing?.what === 'show' && (
        <Secret
          title={words.secretTitle}
          about={doing.isFirst ? `${words.secretAbout} ${words.signedIn}` : words.secretAbout}
          label={words.secret}
          secret={doing.secret}
          onClose={close}
        />
      )}
    </Section>
  );
}

interface RowProps {
  one: Key;
  isOwn: boolean;
  onDo: (what: 'revoke' | 'rotate') => void;
}

function Row({ one, isOwn, onDo }: RowProps) {
  const words = settingsTexts;
  const now = new Date();
  return (
    <StackedRow>
      <Cell>
        <Group gap={8}>
          <Text fw={550} c={one.name ? undefined : 'dimmed'}>
            {one.name || words.unnamed}
          </Text>
          {isOwn && <Badge size="sm">{words.you}</Badge>}
          {!one.is_active && <Badge size="sm">{words.ended}</Badge>}
          {one.is_active && one.revoked_at && <Badge size="sm">{words.ending(dayAndTime(one.revoked_at))}</Badge>}
        </Group>
        <Text size="xs" c="dimmed" ff="monospace">
          mk_{one.prefix}
          {one.replaces && `, ${words.replaces(one.replaces)}`}
        </Text>
      </Cell>
      <Cell of={words.keyHead.role}>{signInTexts.roles[one.role] ?? one.role}</Cell>
      <Cell of={words.keyHead.tenant}>{one.tenant}</Cell>
      <Cell of={words.keyHead.used}>{one.last_used_at ? ago(one.last_used_at, now) : words.never}</Cell>
      <Cell of={words.keyHead.expires}>{one.expires_at ? dayAndTime(one.expires_at) : words.untilRevoked}</Cell>
      <Cell>
        {one.is_active && (
          <Group gap={6} wrap="nowrap">
            <Button size="compact-sm" variant="default" aria-label={words.rotateOf(nameOf(one))} onClick={() => onDo('rotate')}>
              {words.rotate}
            </Button>
            <Button size="compact-sm" variant="default" c="var(--bad)" aria-label={words.revokeOf(nameOf(one))} onClick={() => onDo('revoke')}>
              {words.revoke}
            </Button>
          </Group>
        )}
      </Cell>
    </StackedRow>
  );
}

interface MakeProps {
  isFirst: boolean;
  onClose: () => void;
  onMade: (secret: string, isFirst: boolean) => void;
}

function Make({ isFirst, onClose, onMade }: MakeProps) {
  const words = settingsTexts;
  const [name, setName] = useState('');
  const [access, setAccess] = useAccess(isFirst);
  const [until, setUntil] = useState('');
  const [rate, setRate] = useState<string | number>('');
  const make = () =>
    makeKey({
      name: name.trim(),
      ...access,
      ...(until ? { expires_at: instantOf(until) } : {}),
      ...(rate === '' ? {} : { requests_per_second: Number(rate) }),
    });
  const made = ({ key = '' }: { key?: string | null }) => {
    // From the first key on nobody is let in without one, whoever made it included.
    if (isFirst && key) keep(key);
    onMade(key ?? '', isFirst);
  };
  return (
    <ChangeDialog title={words.newKey} submit={words.make} ask={make} onMade={made} onClose={onClose}>
      <TextInput label={words.name} placeholder={words.nameHint} value={name} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
      <AccessChoice access={access} onChange={setAccess} about={isFirst ? words.firstIsAdmin : undefined} isFirst={isFirst} />
      <Group grow align="flex-start">
        <TextInput type="date" label={words.expires} description={words.expiresAbout(zoneName())} value={until} onChange={(event) => setUntil(event.currentTarget.value)} />
        <NumberInput label={words.rate} description={words.rateAbout} value={rate} onChange={setRate} min={1} allowDecimal={false} hideControls />
      </Group>
    </ChangeDialog>
  );
}

function Rotate({ one, onClose, onMade }: { one: Key; onClose: () => void; onMade: (secret: string) => void }) {
  const words = settingsTexts;
  return (
    <ChangeDialog
      title={words.rotateOf(nameOf(one))}
      submit={words.rotate}
      ask={() => rotateKey(one.prefix)}
      onMade={(made) => onMade(made.key ?? '')}
      onClose={onClose}
    >
      <Text size="sm">{words.rotatedAbout}</Text>
    </ChangeDialog>
  );
}

function Revoke({ one, onClose }: { one: Key; onClose: () => void }) {
  const words = settingsTexts;
  return (
    <ChangeDialog
      title={words.revokeTitle}
      submit={words.revoke}
      ask={() => revokeKey(one.prefix)}
      said={() => words.revoked(nameOf(one))}
      onClose={onClose}
      isGrave
    >
      <Text size="sm">{words.revokeAbout(nameOf(one))}</Text>
    </ChangeDialog>
  );
}
