// People who may sign in: invited, given a role, signed out, kept out.
import { Badge, Button, Card, Group, Menu, Radio, Select, Stack, Table, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { type AccountOf, accounts, changeAccount, deleteAccount, endSessions, inviteAgain, invitationLink, makeAccount } from '../../api/accounts';
import { tenants } from '../../api/house';
import { may, me } from '../../api/me';
import { ago, dayAndTime } from '../../format/time';
import { Empty } from '../../parts/empty';
import { FormDialog } from '../../parts/form-dialog';
import { PlusSign } from '../../parts/icons';
import { done, failed } from '../../parts/notify';
import { Secret } from '../../parts/secret';
import { settings as settingsTexts } from '../../texts/en/settings';
import { signIn as signInTexts } from '../../texts/en/sign-in';
import { Section } from './section';

/** Roles from the least to the greatest that an admin gives. */
const ROLES = ['viewer', 'analyst', 'marketer', 'admin'];

type Doing = { what: 'invite' } | { what: 'role' | 'delete'; account: AccountOf } | { what: 'show'; name: string; link: string };

export function Accounts() {
  const words = settingsTexts;
  const told = useQuery(accounts);
  const who = useQuery(me).data;
  const [doing, setDoing] = useState<Doing>();
  const close = () => setDoing(undefined);
  const show = (name: string, invitation: string) => setDoing({ what: 'show', name, link: invitationLink(invitation) });
  return (
    <Section
      about={words.accountsAbout}
      asked={told}
      actions={
        <Button leftSection={<PlusSign size={16} />} onClick={() => setDoing({ what: 'invite' })}>
          {words.invite}
        </Button>
      }
    >
      {told.data?.length === 0 && <Empty title={words.noAccounts}>{words.noAccountsAbout}</Empty>}
      {told.data && told.data.length > 0 && (
        <Card p={0}>
          <Table.ScrollContainer minWidth={720} type="native">
            <Table verticalSpacing="sm" horizontalSpacing="lg" aria-label={words.tabs.accounts}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{words.accountHead.name}</Table.Th>
                  <Table.Th>{words.accountHead.role}</Table.Th>
                  <Table.Th>{words.accountHead.tenant}</Table.Th>
                  <Table.Th>{words.accountHead.signedIn}</Table.Th>
                  <Table.Th>{words.accountHead.do}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {told.data.map((account) => (
                  <Row
                    key={`${account.tenant}/${account.name}`}
                    account={account}
                    isOwn={who?.by === 'session' && who.name === account.name && who.tenant === account.tenant}
                    onDo={(what) => setDoing({ what, account })}
                    onInvited={show}
                  />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </Card>
      )}
      {doing?.what === 'invite' && <Invite isFirst={who?.by === 'open'} onClose={close} onInvited={show} />}
      {doing?.what === 'role' && <Role account={doing.account} onClose={close} />}
      {doing?.what === 'delete' && <Delete account={doing.account} onClose={close} />}
      {doing?.what === 'show' && (
        <Secret title={words.invitation} about={words.invitationAbout(doing.name)} label={words.invitationLink} secret={doing.link} onClose={close} />
      )}
    </Section>
  );
}

interface RowProps {
  account: AccountOf;
  isOwn: boolean;
  onDo: (what: 'role' | 'delete') => void;
  onInvited: (name: string, invitation: string) => void;
}

function Row({ account, isOwn, onDo, onInvited }: RowProps) {
  const words = settingsTexts;
  const queries = useQueryClient();
  const now = new Date();
  const after = (message: string) => {
    void queries.invalidateQueries({ queryKey: accounts.queryKey });
    done(message);
  };
  const { name, disabled } = account;
  const invite = useMutation({ mutationFn: () => inviteAgain(account), onSuccess: (made) => onInvited(name, made.invitation), onError: failed });
  const end = useMutation({ mutationFn: () => endSessions(account), onSuccess: () => after(words.sessionsEnded(name)), onError: failed });
  const disable = useMutation({
    mutationFn: () => changeAccount(account, { disabled: !disabled }),
    onSuccess: () => after(disabled ? words.enabled(name) : words.disabled(name)),
    onError: failed,
  });
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap={8}>
          <Text fw={550}>{name}</Text>
          {isOwn && <Badge size="sm">{words.you}</Badge>}
          {disabled && <Badge size="sm">{words.isDisabled}</Badge>}
        </Group>
        {!account.has_password && account.invited_until && (
          <Text size="xs" c="dimmed">
            {words.invitedUntil(dayAndTime(account.invited_until))}
          </Text>
        )}
      </Table.Td>
      <Table.Td>{signInTexts.roles[account.role] ?? account.role}</Table.Td>
      <Table.Td>{account.tenant}</Table.Td>
      <Table.Td>{account.signed_in_at ? ago(account.signed_in_at, now) : words.never}</Table.Td>
      <Table.Td>
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <Button size="compact-sm" variant="default" aria-label={words.moreOf(name)}>
              {words.doMore}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => onDo('role')}>{words.changeRole}</Menu.Item>
            <Menu.Item onClick={() => invite.mutate()}>{words.inviteAgain}</Menu.Item>
            <Menu.Item onClick={() => end.mutate()}>{words.endSessions}</Menu.Item>
            {!isOwn && <Menu.Item onClick={() => disable.mutate()}>{disabled ? words.enable : words.disable}</Menu.Item>}
            {!isOwn && (
              <Menu.Item c="var(--bad)" onClick={() => onDo('delete')}>
                {words.deleteAccount}
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      </Table.Td>
    </Table.Tr>
  );
}

function Roles({ role, roles, onChange, about }: { role: string; roles: string[]; onChange: (role: string) => void; about?: string }) {
  return (
    <Radio.Group label={settingsTexts.role} description={about} value={role} onChange={onChange}>
      <Stack gap={8} mt={8}>
        {roles.map((one) => (
          <Radio key={one} value={one} label={signInTexts.roles[one]} description={signInTexts.roleAbout[one]} />
        ))}
      </Stack>
    </Radio.Group>
  );
}

interface InviteProps {
  isFirst: boolean;
  onClose: () => void;
  onInvited: (name: string, invitation: string) => void;
}

function Invite({ isFirst, onClose, onInvited }: InviteProps) {
  const words = settingsTexts;
  const who = useQuery(me).data;
  const isOperator = may(who, 'operate');
  const all = useQuery({ ...tenants, enabled: isOperator }).data;
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [role, setRole] = useState(isFirst ? 'admin' : 'viewer');
  const [tenant, setTenant] = useState<string | null>(null);
  const make = useMutation({
    mutationFn: () => makeAccount({ name: name.trim(), role, ...(tenant ? { tenant } : {}) }),
    onSuccess: (made) => {
      // From the first account on nobody is let in without one: whoever made it takes it at once.
      if (isFirst) return location.assign(invitationLink(made.invitation));
      void queries.invalidateQueries({ queryKey: accounts.queryKey });
      onInvited(made.name, made.invitation);
    },
  });
  const roles = isFirst ? ['admin'] : isOperator ? [...ROLES, 'operator'] : ROLES;
  return (
    <FormDialog title={words.invite} onClose={onClose} onSubmit={() => make.mutate()} submit={isFirst ? words.beFirst : words.invite} isPending={make.isPending} error={make.error} isDisabled={name.trim() === ''}>
      {isFirst && <Text size="sm">{words.firstAccount}</Text>}
      <TextInput label={words.accountName} placeholder={words.accountNameHint} value={name} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
      <Roles role={role} roles={roles} onChange={setRole} />
      {isOperator && (all?.length ?? 0) > 1 && (
        <Select label={words.tenant} data={all?.map((one) => one.id)} value={tenant ?? who?.tenant ?? null} onChange={setTenant} allowDeselect={false} />
      )}
    </FormDialog>
  );
}

function Role({ account, onClose }: { account: AccountOf; onClose: () => void }) {
  const words = settingsTexts;
  const isOperator = may(useQuery(me).data, 'operate');
  const queries = useQueryClient();
  const [role, setRole] = useState(account.role);
  const change = useMutation({
    mutationFn: () => changeAccount(account, { role }),
    onSuccess: async () => {
      await queries.invalidateQueries();
      done(words.roleChanged(account.name, signInTexts.roles[role] ?? role));
      onClose();
    },
  });
  return (
    <FormDialog title={words.roleOf(account.name)} onClose={onClose} onSubmit={() => change.mutate()} submit={words.save} isPending={change.isPending} error={change.error}>
      <Roles role={role} roles={isOperator ? [...ROLES, 'operator'] : ROLES} onChange={setRole} about={words.roleAtOnce} />
    </FormDialog>
  );
}

function Delete({ account, onClose }: { account: AccountOf; onClose: () => void }) {
  const words = settingsTexts;
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => deleteAccount(account),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: accounts.queryKey });
      done(words.accountDeleted(account.name));
      onClose();
    },
  });
  return (
    <FormDialog title={words.deleteOf(account.name)} onClose={onClose} onSubmit={() => remove.mutate()} submit={words.deleteAccount} isPending={remove.isPending} error={remove.error} isGrave>
      <Text size="sm">{words.deleteAccountAbout}</Text>
    </FormDialog>
  );
}
