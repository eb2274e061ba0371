// Signing in with an API key.
import { Button, Checkbox, PasswordInput, Stack } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';

import { client, told } from '../../api/client';
import { keep } from '../../api/key';
import { problemFrom } from '../../api/problem';
import { entry as entryTexts } from '../../texts/en/entry';
import { entered } from './entered';

export function ByKey() {
  const words = entryTexts;
  const [key, setKey] = useState('');
  const [isKept, setKept] = useState(false);
  const queries = useQueryClient();
  const enter = useMutation({
    mutationFn: async () => {
      if (key.trim() === '') throw new Error(words.empty);
      keep(key.trim(), isKept);
      return told(client.GET('/api/session'));
    },
    onSuccess: (who) => entered(queries, who),
    onError: () => keep(null),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    enter.mutate();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <PasswordInput
          label={words.key}
          placeholder={words.keyHint}
          value={key}
          onChange={(event) => setKey(event.currentTarget.value)}
          error={enter.error && problemFrom(enter.error).message}
          autoComplete="current-password"
          spellCheck={false}
          data-autofocus
          autoFocus
        />
        <Checkbox
          label={words.remember}
          description={words.rememberAbout}
          checked={isKept}
          onChange={(event) => setKept(event.currentTarget.checked)}
        />
        <Button type="submit" loading={enter.isPending} fullWidth>
          {words.enter}
        </Button>
      </Stack>
    </form>
  );
}
