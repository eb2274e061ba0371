// Somebody in a table: their name where they have one, their id, and the way to their page.
import { Text } from '@mantine/core';

import { personName } from '../api/person-name';
import { TextLink } from './link';

export function PersonLink({ person }: { person: { id?: unknown; fields: unknown } }) {
  const { id, name } = personName(person);
  return (
    <>
      <TextLink to="/app/people/$id" params={{ id }} fw={550} c="var(--text-strong)">
        {name}
      </TextLink>
      {name !== id && (
        <Text size="xs" c="dimmed">
          {id}
        </Text>
      )}
    </>
  );
}
