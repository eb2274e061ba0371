// Signing in with a name and a password.
import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';

import { keep } from '../../api/key';
import { signIn } from '../../api/session';
import { entry as entryTexts } from '../../texts/en/entry';
import { entered } from './entered';
import { refusal } from './refusal';

interface ByNameProps {
  /** Whether they are asked for the tenant. */
  isOfTenant: boolean;
  tenant: string;
  onTenant: (tenant: string) => void;
}

export function ByName({ isOfTenant, tenant, onTenant }: ByNameProps) {
  const words = entryTexts;
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [isTried, setTried] = useState(false);
  const isMissing = name.trim() === '' || password === '';
  const queries = useQueryClient();
  const enter = useMutation({
    mutationFn: () => signIn({ name: name.trim(), password, ...(isOfTenant && tenant.trim() ? { tenant: tenant.trim() } : {}) }),
    onSuccess: (who) => {
      // A key that was kept here would count before the session.
      keep(null);
      entered(queries, who);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!isMissing) enter.mutate();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {(enter.error || (isTried && isMissing)) && (
          <Alert role="alert" color="red" variant="default">
            {isMissing ? words.missing : refusal(enter.error)}
          </Alert>
        )}
        <TextInput
          label={words.name}
          placeholder={words.nameHint}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
        />
        <PasswordInput
          label={words.password}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="current-password"
        />
        {isOfTenant && (
          <TextInput
            label={words.tenant}
            placeholder={words.tenantHint}
            value={tenant}
            onChange={(event) => onTenant(event.currentTarget.value)}
            autoCapitalize="none"
            spellCheck={false}
          />
        )}
        <Button type="submit" loading={enter.isPending} fullWidth>
          {words.enter}
        </Button>
      </Stack>
    </form>
  );
}
