// Signing in with an API key.
import { Button, Checkbox, PasswordInput, Stack } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';

import { client, told } from '../../api/client';
import { keep } from '../../api/key';
import { me } from '../../api/me';
import { problemFrom } from '../../api/problem';
import { signIn as signInTexts } from '../../texts/en/sign-in';

export function ByKey() {
  const words = signInTexts;
  const [key, setKey] = useState('');
  const [isKept, setKept] = useState(false);
  const queries = useQueryClient();
  const enter = useMutation({
    mutationFn: async () => {
      if (key.trim() === '') throw new Error(words.empty);
      keep(key.trim(), isKept);
      return told(client.GET('/api/me'));
    },
    onSuccess: (who) => {
      // What somebody else was told here is nobody's business any more.
      queries.removeQueries({ predicate: (query) => query.queryKey[0] !== me.queryKey[0] });
      queries.setQueryData(me.queryKey, who);
    },
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
