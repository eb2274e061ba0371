// Who is signed in, and the way out. Nothing where the server asks nobody for a key.
import { Button, Group, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';

import { keep } from '../../api/key';
import { me } from '../../api/me';
import { signIn as signInTexts } from '../../texts/en/sign-in';

export function Account() {
  const words = signInTexts;
  const who = useQuery(me).data;
  const queries = useQueryClient();
  if (!who?.role) return null;
  const leave = () => {
    keep(null);
    queries.setQueryData(me.queryKey, null);
    queries.removeQueries({ predicate: (query) => query.queryKey[0] !== me.queryKey[0] });
  };
  return (
    <Group justify="space-between" px="xs" pb="sm" wrap="nowrap" role="group" aria-label={words.account}>
      <div style={{ minWidth: 0 }}>
        <Text size="sm" fw={550} truncate>
          {words.roles[who.role] ?? who.role}
        </Text>
        <Text size="xs" c="dimmed" truncate>
          {who.tenant}
        </Text>
      </div>
      <Button size="compact-sm" variant="default" onClick={leave}>
        {words.out}
      </Button>
    </Group>
  );
}
