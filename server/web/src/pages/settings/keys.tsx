// Keys: made and shown once, listed, replaced, revoked.
import { Badge, Button, Card, Group, NumberInput, Radio, Select, Stack, Switch, Table, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { type Key, keys, makeKey, revokeKey, rotateKey, tenants } from '../../api/house';
import { keep } from '../../api/key';
import { may, me } from '../../api/me';
import { ago, dayAndTime } from '../../format/time';
import { Empty } from '../../parts/empty';
import { FormDialog } from '../../parts/form-dialog';
import { PlusSign } from '../../parts/icons';
import { done } from '../../parts/notify';
import { Secret } from '../../parts/secret';
import { settings as settingsTexts } from '../../texts/en/settings';
import { signIn as signInTexts } from '../../texts/en/sign-in';
import { Section } from './section';

/** Roles from the least to the greatest that makes keys of its own tenant. */
const ROLES = ['viewer', 'analyst', 'marketer', 'admin'];

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
        <Card p={0}>
          <Table.ScrollContainer minWidth={760} type="native">
            <Table verticalSpacing="sm" horizontalSpacing="lg" aria-label={words.tabs.keys}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{words.keyHead.name}</Table.Th>
                  <Table.Th>{words.keyHead.role}</Table.Th>
                  <Table.Th>{words.keyHead.tenant}</Table.Th>
                  <Table.Th>{words.keyHead.used}</Table.Th>
                  <Table.Th>{words.keyHead.expires}</Table.Th>
                  <Table.Th>{words.keyHead.do}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {shown.map((key) => (
                  <Row key={key.prefix} one={key} isOwn={key.prefix === who?.key} onDo={(what) => setDoing({ what, key })} />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </Card>
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
    <Table.Tr>
      <Table.Td>
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
      </Table.Td>
      <Table.Td>{signInTexts.roles[one.role] ?? one.role}</Table.Td>
      <Table.Td>{one.tenant}</Table.Td>
      <Table.Td>{one.last_used_at ? ago(one.last_used_at, now) : words.never}</Table.Td>
      <Table.Td>{one.expires_at ? dayAndTime(one.expires_at) : words.never}</Table.Td>
      <Table.Td>
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
      </Table.Td>
    </Table.Tr>
  );
}

interface MakeProps {
  isFirst: boolean;
  onClose: () => void;
  onMade: (secret: string, isFirst: boolean) => void;
}

function Make({ isFirst, onClose, onMade }: MakeProps) {
  const words = settingsTexts;
  const who = useQuery(me).data;
  const isOperator = may(who, 'operate');
  const all = useQuery({ ...tenants, enabled: isOperator }).data;
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [role, setRole] = useState(isFirst ? 'admin' : 'viewer');
  const [tenant, setTenant] = useState<string | null>(null);
  const [until, setUntil] = useState('');
  const [rate, setRate] = useState<string | number>('');
  const make = useMutation({
    mutationFn: () =>
      makeKey({
        role,
        name: name.trim(),
        ...(tenant ? { tenant } : {}),
        ...(until ? { expires_at: `${until}T00:00:00Z` } : {}),
        ...(rate === '' ? {} : { requests_per_second: Number(rate) }),
      }),
    onSuccess: (made) => {
      // From the first key on nobody is let in without one, whoever made it included.
      if (isFirst && made.key) keep(made.key);
      onMade(made.key ?? '', isFirst);
      void queries.invalidateQueries();
    },
  });
  const roles = isFirst ? ['admin'] : isOperator ? [...ROLES, 'operator'] : ROLES;
  return (
    <FormDialog title={words.newKey} onClose={onClose} onSubmit={() => make.mutate()} submit={words.make} isPending={make.isPending} error={make.error}>
      <TextInput label={words.name} placeholder={words.nameHint} value={name} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
      <Radio.Group label={words.role} description={isFirst ? words.firstIsAdmin : undefined} value={role} onChange={setRole}>
        <Stack gap={8} mt={8}>
          {roles.map((one) => (
            <Radio key={one} value={one} label={signInTexts.roles[one]} description={signInTexts.roleAbout[one]} />
          ))}
        </Stack>
      </Radio.Group>
      {isOperator && (all?.length ?? 0) > 1 && (
        <Select label={words.tenant} data={all?.map((one) => one.id)} value={tenant ?? who?.tenant ?? null} onChange={setTenant} allowDeselect={false} />
      )}
      <Group grow align="flex-start">
        <TextInput type="date" label={words.expires} description={words.expiresAbout} value={until} onChange={(event) => setUntil(event.currentTarget.value)} />
        <NumberInput label={words.rate} description={words.rateAbout} value={rate} onChange={setRate} min={1} allowDecimal={false} hideControls />
      </Group>
    </FormDialog>
  );
}

function Rotate({ one, onClose, onMade }: { one: Key; onClose: () => void; onMade: (secret: string) => void }) {
  const words = settingsTexts;
  const queries = useQueryClient();
  const rotate = useMutation({
    mutationFn: () => rotateKey(one.prefix),
    onSuccess: (made) => {
      onMade(made.key ?? '');
      void queries.invalidateQueries({ queryKey: keys.queryKey });
    },
  });
  return (
    <FormDialog
      title={words.rotateOf(nameOf(one))}
      onClose={onClose}
      onSubmit={() => rotate.mutate()}
      submit={words.rotate}
      isPending={rotate.isPending}
      error={rotate.error}
    >
      <Text size="sm">{words.rotatedAbout}</Text>
    </FormDialog>
  );
}

function Revoke({ one, onClose }: { one: Key; onClose: () => void }) {
  const words = settingsTexts;
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => revokeKey(one.prefix),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: keys.queryKey });
      done(words.revoked(nameOf(one)));
      onClose();
    },
  });
  return (
    <FormDialog
      title={words.revokeTitle}
      onClose={onClose}
      onSubmit={() => revoke.mutate()}
      submit={words.revoke}
      isPending={revoke.isPending}
      error={revoke.error}
      isGrave
    >
      <Text size="sm">{words.revokeAbout(nameOf(one))}</Text>
    </FormDialog>
  );
}
