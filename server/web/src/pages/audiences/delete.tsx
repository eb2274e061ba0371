// Deleting an audience, or why that is refused.
import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';

import { type Audience, audience as audienceQuery, deleteAudience } from '../../api/audiences';
import { problemFrom } from '../../api/problem';
import { Dialog } from '../../parts/dialog';
import { TextLink } from '../../parts/link';
import { done } from '../../parts/notify';
import { Trouble } from '../../parts/trouble';
import { audiences as audiencesTexts } from '../../texts/en/audiences';

export function DeleteModal({ saved, onClose }: { saved: Audience; onClose: () => void }) {
  const words = audiencesTexts;
  const navigate = useNavigate();
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => deleteAudience(saved.id, saved.version),
    onSuccess: async () => {
      await navigate({ to: '/app/audiences' });
      queries.removeQueries({ queryKey: audienceQuery(saved.id).queryKey });
      for (const key of ['audiences', 'dashboard']) void queries.invalidateQueries({ queryKey: [key] });
      done(words.deleted(saved.name));
    },
  });
  const usedBy = remove.isError ? problemFrom(remove.error).usedBy : [];
  return (
    <Dialog onClose={onClose} title={words.deleteTitle(saved.name)} closeButtonProps={{ 'aria-label': words.close }}>
      <Stack>
        <Text size="sm">{words.deleteAbout}</Text>
        {remove.isError && <Trouble error={remove.error} />}
        {usedBy.length > 0 && (
          <Text size="sm">
            {words.usedByTitle}{' '}
            {usedBy.map((user, i) => (
              <span key={`${user.kind} ${user.id}`}>
                {i > 0 && ', '}
                <TextLink
                  to={user.kind === 'segment' ? '/app/segments/$id' : '/app/audiences/$id'}
                  params={{ id: String(user.id) }}
                  inherit
                >
                  {user.name}
                </TextLink>
              </span>
            ))}
          </Text>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {words.cancel}
          </Button>
          <Button color="red" loading={remove.isPending} onClick={() => remove.mutate()}>
            {words.delete}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
