// Asks who it is. `by-key.tsx` is one way; another way to sign in is another such form beside it. `gate.tsx` decides when this
// is shown, `account.tsx` says who is signed in and lets them out.
import { Card, Center, Group, Stack, Text, Title } from '@mantine/core';
import { useEffect } from 'react';

import { shell as shellTexts } from '../../texts/en/shell';
import { signIn as signInTexts } from '../../texts/en/sign-in';
import { ByKey } from './by-key';

export function SignIn() {
  const words = signInTexts;
  useEffect(() => {
    document.title = shellTexts.titleOf(words.title);
  }, [words.title]);
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
                {words.title}
              </Title>
              <Text size="sm" c="dimmed" mt={4}>
                {words.about}
              </Text>
            </div>
            <ByKey />
          </Stack>
        </Card>
      </Stack>
    </Center>
  );
}
