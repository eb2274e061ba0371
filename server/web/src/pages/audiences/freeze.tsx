// An audience is frozen as it is saved, at this moment.
import { Button, Checkbox, Group, Progress, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';

import type { Audience } from '../../api/audiences';
import { takeSnapshot } from '../../api/snapshots';
import { count } from '../../format/number';
import { Dialog } from '../../parts/dialog';
import { done } from '../../parts/notify';
import { Trouble } from '../../parts/trouble';
import { audiences as audiencesTexts } from '../../texts/en/audiences';

export function FreezeModal({ saved, onClose }: { saved: Audience; onClose: () => void }) {
  const words = audiencesTexts;
  const queries = useQueryClient();
  const navigate = useNavigate();
  const isEveryone = saved.audience_type === 'everyone';
  const [isMeant, setMeant] = useState(false);
  const take = useMutation({
    mutationFn: () => takeSnapshot(saved.id, isEveryone),
    onSuccess: async (snapshot) => {
      await queries.invalidateQueries({ queryKey: ['snapshots'] });
      done(words.snapshotTaken(count(snapshot.count)));
      onClose();
      await navigate({ to: '/app/audiences/$id', params: { id: String(saved.id) }, search: { tab: 'snapshots' } });
    },
  });
  return (
    <Dialog onClose={onClose} title={words.snapshotTitle} closeButtonProps={{ 'aria-label': words.close }}>
      <Stack>
        <Text>{words.snapshotAbout(saved.name, count(saved.count ?? 0))}</Text>
        {saved.status === 'draft' && (
          <Text size="sm" c="dimmed">
            {words.snapshotDraft}
          </Text>
        )}
        {isEveryone && (
          <Checkbox label={words.snapshotEveryone} checked={isMeant} onChange={(event) => setMeant(event.currentTarget.checked)} />
        )}
        {take.isPending && (
          <div role="status">
            <Progress value={100} animated aria-label={words.snapshotTaking} mb={6} />
            <Text size="sm" c="dimmed">
              {words.snapshotTaking}
            </Text>
          </div>
        )}
        {take.isError && <Trouble error={take.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {words.cancel}
          </Button>
          <Button loading={take.isPending} disabled={isEveryone && !isMeant} onClick={() => take.mutate()} data-autofocus>
            {words.snapshotTake}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
