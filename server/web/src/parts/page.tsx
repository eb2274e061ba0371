// The frame of every page: its name, what one can do on it, and its title in the browser.
import { Group, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';

import { shell as shellTexts } from '../texts/en/shell';

interface PageProps {
  title: string;
  /** One sentence, where the title does not say enough. */
  about?: ReactNode;
  /** Buttons at the right. */
  actions?: ReactNode;
  children: ReactNode;
}

export function Page({ title, about, actions, children }: PageProps) {
  useEffect(() => {
    document.title = shellTexts.titleOf(title);
  }, [title]);
  return (
    <Stack gap="xl" maw={1180} mx="auto">
      <Group justify="space-between" align="flex-end" gap="md">
        <div>
          <Title order={1}>{title}</Title>
          {about && (
            <Text c="dimmed" mt={6}>
              {about}
            </Text>
          )}
        </div>
        {actions}
      </Group>
      {children}
    </Stack>
  );
}
