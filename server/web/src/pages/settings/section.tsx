// The frame of one part of the settings: what it is about, what one can make in it, and its three states.
import { Group, Skeleton, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

import { Trouble } from '../../parts/trouble';

interface SectionProps {
  about: string;
  actions?: ReactNode;
  asked?: { isPending: boolean; isError: boolean; error: unknown; refetch: () => unknown };
  children: ReactNode;
}

export function Section({ about, actions, asked, children }: SectionProps) {
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Text c="dimmed" maw="44rem">
          {about}
        </Text>
        {actions}
      </Group>
      {asked?.isError && <Trouble error={asked.error} onRetry={() => void asked.refetch()} />}
      {asked?.isPending ? <Skeleton height={200} radius="lg" /> : !asked?.isError && children}
    </Stack>
  );
}
