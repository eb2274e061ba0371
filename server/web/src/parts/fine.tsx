// That nothing is amiss, where something might be.
import { Group, Text } from '@mantine/core';

import { CheckSign } from './icons';

export function Fine({ children }: { children: string }) {
  return (
    <Group gap={10} wrap="nowrap">
      <span style={{ color: 'var(--good)', display: 'flex' }}>
        <CheckSign />
      </span>
      <Text size="sm">{children}</Text>
    </Group>
  );
}
