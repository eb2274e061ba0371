// A part of a page with a heading of its own.
import { Card, Group, Text, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';

interface PanelProps {
  title: string;
  about?: ReactNode;
  /** At the right of the title: a link to all of it, a choice. */
  aside?: ReactNode;
  children: ReactNode;
}

export function Panel({ title, about, aside, children }: PanelProps) {
  const id = useId();
  return (
    <Card component="section" aria-labelledby={id}>
      <Group justify="space-between" align="baseline" mb="md" gap="sm">
        <div>
          <Title order={2} id={id}>
            {title}
          </Title>
          {about && (
            <Text size="sm" c="dimmed" mt={2}>
              {about}
            </Text>
          )}
        </div>
        {aside}
      </Group>
      {children}
    </Card>
  );
}
