// People who may sign in: invited, given a role, signed out, kept out.
import { Badge, Button, Group, Menu, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { type AccountOf, accounts, changeAccount, deleteAccount, endSessions, inviteAgain, invitationLink, makeAccount } from '../../api/accounts';
import { me } from '../../api/me';
import { ago, dayAndTime } from '../../format/time';
import { CardTable } from '../../parts/card-table';
import { ChangeDialog } from '../../parts/change-dialog';
import { Empty } from '../../parts/empty';
import { PlusSign } from '../../parts/icons';
import { done, failed } from '../../parts/notify';
import { Secret } from '../../parts/secret';
import { Cell, StackedRow } from '../../parts/stacked';
import { settings as settingsTexts } from '../../texts/en/settings';
import { signIn as signInTexts } from '../../texts/en/sign-in';
import { AccessChoice, RoleChoice, useAccess } from './access';
import { Section } from './section';

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
        <CardTable label={words.tabs.accounts ?? ''} head={Object.values(words.accountHead)}>
          {told.data.map((account) => (
            <Row
              key={`${account.tenant}/${account.name}`}
              account={account}
              isOwn={who?.by === 'session' && who.name === account.name && who.tenant === account.tenant}
              onDo={(what) => setDoing({ what, account })}
              onInvited={show}
            />
          ))}
        </CardTable>
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
    <StackedRow>
      <Cell>
        <Group gap={8}>
          <Text fw={550} style={{ overflowWrap: 'anywhere' }}>
            {name}
          </Text>
          {isOwn && <Badge size="sm">{words.you}</Badge>}
          {disabled && <Badge size="sm">{words.isDisabled}</Badge>}
        </Group>
        {!account.has_password && account.invited_until && (
          <Text size="xs" c="dimmed">
            {words.invitedUntil(dayAndTime(account.invited_until))}
          </Text>
        )}
      </Cell>
      <Cell of={words.accountHead.role}>{signInTexts.roles[account.role] ?? account.role}</Cell>
      <Cell of={words.accountHead.tenant}>{account.tenant}</Cell>
      <Cell of={words.accountHead.signedIn}>{account.signed_in_at ? ago(account.signed_in_at, now) : words.never}</Cell>
      <Cell>
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
      </Cell>
    </StackedRow>
  );
}

interface InviteProps {
  isFirst: boolean;
  onClose: () => void;
  onInvited: (name: string, invitation: string) => void;
}

function Invite({ isFirst, onClose, onInvited }: InviteProps) {
  const words = settingsTexts;
  const [name, setName] = useState('');
  const [access, setAccess] = useAccess(isFirst);
  const invite = async () => {
    const made = await makeAccount({ name: name.trim(), ...access });
    if (!isFirst) return made;
    // From the first account on nobody is let in without one: whoever made it takes it at once, and this page ends.
    location.assign(invitationLink(made.invitation));
    return new Promise<typeof made>(() => {});
  };
  return (
    <ChangeDialog
      title={words.invite}
      submit={isFirst ? words.beFirst : words.invite}
      ask={invite}
      onMade={(made) => onInvited(made.name, made.invitation)}
      onClose={onClose}
      isDisabled={name.trim() === ''}
    >
      {isFirst && <Text size="sm">{words.firstAccount}</Text>}
      <TextInput label={words.accountName} placeholder={words.accountNameHint} value={name} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
      <AccessChoice access={access} onChange={setAccess} isFirst={isFirst} />
    </ChangeDialog>
  );
}

function Role({ account, onClose }: { account: AccountOf; onClose: () => void }) {
  const words = settingsTexts;
  const [role, setRole] = useState(account.role);
  return (
    <ChangeDialog
      title={words.roleOf(account.name)}
      submit={words.save}
      ask={() => changeAccount(account, { role })}
      said={() => words.roleChanged(account.name, signInTexts.roles[role] ?? role)}
      onClose={onClose}
    >
      <RoleChoice role={role} onChange={setRole} about={words.roleAtOnce} />
    </ChangeDialog>
  );
}

function Delete({ account, onClose }: { account: AccountOf; onClose: () => void }) {
  const words = settingsTexts;
  return (
    <ChangeDialog
      title={words.deleteOf(account.name)}
      submit={words.deleteAccount}
      ask={() => deleteAccount(account)}
      said={() => words.accountDeleted(account.name)}
      onClose={onClose}
      isGrave
    >
      <Text size="sm">{words.deleteAccountAbout}</Text>
    </ChangeDialog>
  );
}
