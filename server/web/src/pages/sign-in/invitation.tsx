// Taking an invitation: whoever has the link chooses a password and is in.
import { Alert, Button, Stack } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';

import { keep } from '../../api/key';
import { problemFrom } from '../../api/problem';
import { acceptInvitation } from '../../api/session';
import { entry as entryTexts } from '../../texts/en/entry';
import { entered } from './entered';
import { Front } from './front';
import { NewPassword, wrongWith } from './new-password';

export function Invitation() {
  const words = entryTexts;
  const [invitation] = useState(() => decodeURIComponent(location.hash.slice(1)));
  const [chosen, setChosen] = useState({ password: '', again: '' });
  const [isTried, setTried] = useState(false);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const take = useMutation({
    mutationFn: () => acceptInvitation(invitation, chosen.password),
    onSuccess: async (who) => {
      keep(null);
      // The link is good once: it need not stay in the browser's list.
      await navigate({ to: '/', replace: true });
      entered(queries, who);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(wrongWith(chosen)).length === 0) take.mutate();
  };
  const problem = take.error && problemFrom(take.error);
  return (
    <Front title={words.invited} about={words.invitedAbout}>
      {invitation === '' || problem?.status === 404 ? (
        <Alert role="alert" color="red" variant="default">
          {words.invitationGone}
        </Alert>
      ) : (
        <form onSubmit={submit} noValidate>
          <Stack gap="md">
            {problem && (
              <Alert role="alert" color="red" variant="default">
                {problem.message}
              </Alert>
            )}
            <NewPassword chosen={chosen} onChange={setChosen} isTried={isTried} isFirst />
            <Button type="submit" loading={take.isPending} fullWidth>
              {words.take}
            </Button>
          </Stack>
        </form>
      )}
    </Front>
  );
}
