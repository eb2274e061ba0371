// What somebody sees who is not in yet: the product's name, and a card that asks for something.
import { Card, Center, Group, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';

import { shell as shellTexts } from '../../texts/en/shell';

export function Front({ title, about, children }: { title: string; about: string; children: ReactNode }) {
  useEffect(() => {
    document.title = shellTexts.titleOf(title);
  }, [title]);
  return (
    <Center component="main" mih="100vh" p="lg">
      <Stack gap="lg" w="100%" maw={400}>
        <Group gap={10} justify="center">
          <img src="/favicon.svg" alt="" width={30} height={30} />
          <Text fw={650} size="xl" style={{ letterSpacing: '-0.02em' }}>
            {shellTexts.product}
          </Text>
        </Group>
        <Card padding="xl">
          <Stack gap="md">
            <div>
              <Title order={1} size="h2">
                {title}
              </Title>
              <Text size="sm" c="dimmed" mt={4}>
                {about}
              </Text>
            </div>
            {children}
          </Stack>
        </Card>
      </Stack>
    </Center>
  );
}
