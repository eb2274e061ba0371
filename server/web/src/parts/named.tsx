// A field, or a type of events: called as people know it, with the name that files and rules know it by.
import { Text } from '@mantine/core';

import { readable } from '../format/field';

export function Named({ name }: { name: string }) {
  const called = readable(name);
  return (
    <span style={{ display: 'inline-flex', flexWrap: 'wrap', alignItems: 'baseline', columnGap: 8 }}>
      <Text span fw={550}>
        {called}
      </Text>
      {called.toLowerCase() !== name.toLowerCase() && (
        <Text span size="xs" c="dimmed" ff="monospace" fw={400}>
          {name}
        </Text>
      )}
    </span>
  );
}
