// What stands where nothing is yet: why, and what to do next.
import { Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

import classes from './parts.module.css';

interface EmptyProps {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}

export function Empty({ title, children, action }: EmptyProps) {
  return (
    <Stack align="flex-start" gap={6} className={classes.empty}>
      <Text fw={550}>{title}</Text>
      {children && (
        <Text c="dimmed" maw="34rem">
          {children}
        </Text>
      )}
      {action && <div style={{ marginTop: 8 }}>{action}</div>}
    </Stack>
  );
}
