// Who is signed in, and the way out. Nothing where the server asks nobody for a key.
import { Button, Group, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';

import { keep } from '../../api/key';
import { me } from '../../api/me';
import { signOut } from '../../api/session';
import { failed } from '../../parts/notify';
import { signIn as signInTexts } from '../../texts/en/sign-in';
import { entered } from './entered';

export function Account() {
  const words = signInTexts;
  const who = useQuery(me).data;
  const queries = useQueryClient();
  if (!who?.role) return null;
  const role = words.roles[who.role] ?? who.role;
  const leave = async () => {
    keep(null);
    // Whoever the server cannot be told about is signed in there until the session ends by itself; the page says why.
    if (who.by === 'session') await signOut(false).catch(failed);
    entered(queries, null);
  };
  return (
    <Group justify="space-between" px="xs" pb="sm" gap="xs" role="group" aria-label={words.account}>
      <div style={{ minWidth: 0, maxWidth: '100%' }}>
        <Text size="sm" fw={550} truncate>
          {who.by === 'session' ? who.name : role}
        </Text>
        <Text size="xs" c="dimmed" truncate>
          {who.by === 'session' ? words.as(role, who.tenant) : who.tenant}
        </Text>
      </div>
      <Button size="compact-sm" variant="default" style={{ flexShrink: 0 }} onClick={() => void leave()}>
        {words.out}
      </Button>
    </Group>
  );
}
