// Who somebody is here and what they may; the own password, and the way out of every browser.
import { Badge, Button, Card, Group, PasswordInput, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { type Right, me } from '../../api/me';
import { Problem } from '../../api/problem';
import { changePassword, signOut } from '../../api/session';
import { dayAndTime } from '../../format/time';
import { FormDialog } from '../../parts/form-dialog';
import { done, failed } from '../../parts/notify';
import { entry as entryTexts } from '../../texts/en/entry';
import { settings as settingsTexts } from '../../texts/en/settings';
import { signIn as signInTexts } from '../../texts/en/sign-in';
import { entered } from '../sign-in/entered';
import { NewPassword, wrongWith } from '../sign-in/new-password';
import { refusal } from '../sign-in/refusal';
import { Section } from './section';

export function You() {
  const words = settingsTexts;
  const asked = useQuery(me);
  const who = asked.data;
  const queries = useQueryClient();
  const [isChanging, setChanging] = useState(false);
  const leave = useMutation({ mutationFn: () => signOut(true), onSuccess: () => entered(queries, null), onError: failed });
  if (!who) return null;
  const isPerson = who.by === 'session';
  return (
    <Section about={isPerson ? words.youAbout : who.by === 'key' ? words.youByKey : words.youOpen}>
      <Card>
        <Stack gap="sm">
          <div>
            <Text fw={550}>{who.name ?? who.key ?? words.anybody}</Text>
            <Text size="sm" c="dimmed">
              {[who.role && (signInTexts.roles[who.role] ?? who.role), words.ofTenant(who.tenant), who.ends_at && words.until(dayAndTime(who.ends_at))]
                .filter(Boolean)
                .join(' · ')}
            </Text>
          </div>
          <div>
            <Text size="sm">{words.youMay}</Text>
            <Group gap={6} mt={6} component="ul" p={0} style={{ listStyle: 'none' }}>
              {who.rights.map((right) => (
                <Badge key={right} component="li" tt="none">
                  {signInTexts.rights[right as Right] ?? right}
                </Badge>
              ))}
            </Group>
          </div>
          {isPerson && (
            <Group gap="sm">
              <Button variant="default" onClick={() => setChanging(true)}>
                {entryTexts.changePassword}
              </Button>
              <Button variant="default" loading={leave.isPending} onClick={() => leave.mutate()}>
                {words.leaveAll}
              </Button>
            </Group>
          )}
        </Stack>
      </Card>
      {isChanging && <Password onClose={() => setChanging(false)} />}
    </Section>
  );
}

function Password({ onClose }: { onClose: () => void }) {
  const words = entryTexts;
  const [old, setOld] = useState('');
  const [chosen, setChosen] = useState({ password: '', again: '' });
  const [isTried, setTried] = useState(false);
  const change = useMutation({
    mutationFn: () => changePassword(old, chosen.password),
    onSuccess: () => {
      done(words.changed);
      onClose();
    },
  });
  const send = () => {
    setTried(true);
    if (Object.keys(wrongWith(chosen)).length === 0) change.mutate();
  };
  const problem = change.error && new Problem(refusal(change.error, words.oldWrong), 0);
  return (
    <FormDialog title={words.changePassword} onClose={onClose} onSubmit={send} submit={words.change} isPending={change.isPending} error={problem}>
      <Text size="sm">{words.changeAbout}</Text>
      <PasswordInput
        label={words.oldPassword}
        value={old}
        onChange={(event) => setOld(event.currentTarget.value)}
        autoComplete="current-password"
        data-autofocus
      />
      <NewPassword chosen={chosen} onChange={setChosen} isTried={isTried} />
    </FormDialog>
  );
}
