// Something that is shown once: to be copied, and then closed.
import { Button, CopyButton, Group, Stack, Text, TextInput } from '@mantine/core';

import { Dialog } from './dialog';
import { settings as settingsTexts } from '../texts/en/settings';

interface SecretProps {
  title: string;
  about: string;
  label: string;
  secret: string;
  onClose: () => void;
}

export function Secret({ title, about, label, secret, onClose }: SecretProps) {
  const words = settingsTexts;
  return (
    // It is shown once: no key that is pressed by accident takes it away.
    <Dialog onClose={onClose} title={title} closeOnClickOutside={false} closeOnEscape={false} withCloseButton={false} size="lg">
      <Stack>
        <Text size="sm">{about}</Text>
        <TextInput
          label={label}
          value={secret}
          readOnly
          onFocus={(event) => event.currentTarget.select()}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          data-autofocus
        />
        <Group justify="flex-end">
          <CopyButton value={secret}>
            {({ copied, copy }) => (
              <Button variant="default" onClick={copy}>
                {copied ? words.copied : words.copy}
              </Button>
            )}
          </CopyButton>
          <Button onClick={onClose}>{words.keptIt}</Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
