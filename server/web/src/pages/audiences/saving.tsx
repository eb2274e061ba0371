// The buttons above an audience: saving it as a draft or for use, freezing it, and what is done rarely.
import { ActionIcon, Button, Group, Menu } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Suspense, lazy, useState } from 'react';

import {
  type Audience,
  audience as audienceQuery,
  createAudience,
  saveAudience,
  setAudienceStatus,
} from '../../api/audiences';
import { problemFrom } from '../../api/problem';
import { done, failed } from '../../parts/notify';
import { audiences as audiencesTexts } from '../../texts/en/audiences';
import { bodyOf } from './draft';
import type { DraftState } from './kept';
import { useMoved } from './moved';
import type { Names } from './names';
import type { Live } from './preview';
import { DotsSign, FreezeSign } from './signs';

const ConfirmModal = lazy(() => import('./confirm').then((part) => ({ default: part.ConfirmModal })));
const DeleteModal = lazy(() => import('./delete').then((part) => ({ default: part.DeleteModal })));
const FreezeModal = lazy(() => import('./freeze').then((part) => ({ default: part.FreezeModal })));

interface SavingProps {
  saved: Audience | null;
  state: DraftState;
  live: Live;
  names: Names;
  onNameless: () => void;
}

export function Saving({ saved, state, live, names, onNameless }: SavingProps) {
  const words = audiencesTexts;
  const queries = useQueryClient();
  const navigate = useNavigate();
  const moved = useMoved();
  const [asked, setAsked] = useState<string | null>(null);
  const [isFreezing, setFreezing] = useState(false);
  const { draft } = state;

  const save = useMutation({
    mutationFn: (status: string) =>
      saved
        ? saveAudience(saved.id, state.base ?? saved.version, bodyOf(draft, status), draft.match === 'everyone')
        : createAudience(bodyOf(draft, status)),
    onSuccess: async (answer) => {
      queries.setQueryData(audienceQuery(answer.id).queryKey, answer);
      state.settle(saved ? answer : null);
      moved();
      setAsked(null);
      done(saved ? words.saved(answer.name, answer.version) : words.created(answer.name));
      if (!saved) await navigate({ to: '/app/audiences/$id', params: { id: String(answer.id) }, replace: true });
    },
    onError: (thrown) => {
      // Somebody else was first: what they saved is read, and the page says so.
      if (problemFrom(thrown).status === 412) moved();
      if (!saved) failed(thrown);
    },
  });
  const begin = (status: string) => {
    if (!draft.name.trim()) return onNameless();
    save.reset();
    if (!saved && draft.match !== 'everyone') save.mutate(status);
    else setAsked(status);
  };
  const canDraft = !saved || saved.status === 'draft';
  const needsSaving = state.isChanged || !saved || saved.status !== 'active';
  return (
    <Group gap="sm">
      {state.isChanged && (
        <Button variant="subtle" color="gray" onClick={state.discard}>
          {saved ? words.discard : words.discardNew}
        </Button>
      )}
      {canDraft && (
        <Button
          variant="default"
          onClick={() => begin('draft')}
          disabled={Boolean(saved) && !state.isChanged}
          loading={save.isPending && save.variables === 'draft'}
        >
          {words.saveDraft}
        </Button>
      )}
      {saved && (
        <Button
          variant={needsSaving ? 'default' : 'filled'}
          leftSection={<FreezeSign size={16} />}
          disabled={state.isChanged}
          onClick={() => setFreezing(true)}
        >
          {words.snapshot}
        </Button>
      )}
      {needsSaving && (
        <Button
          onClick={() => begin(saved?.status === 'archived' ? 'archived' : 'active')}
          loading={save.isPending && save.variables !== 'draft'}
        >
          {words.save}
        </Button>
      )}
      {saved && <More saved={saved} />}
      <Suspense>
        {asked && (
          <ConfirmModal
            original={state.original}
            draft={draft}
            names={names}
            statuses={[saved?.status, asked]}
            before={saved?.count ?? 0}
            after={live.isCurrent ? live.total?.count : undefined}
            version={(saved?.version ?? 0) + 1}
            isEveryone={draft.match === 'everyone' && state.original.match !== 'everyone'}
            isSaving={save.isPending}
            error={save.error}
            onSave={() => save.mutate(asked)}
            onClose={() => setAsked(null)}
          />
        )}
        {saved && isFreezing && <FreezeModal saved={saved} onClose={() => setFreezing(false)} />}
      </Suspense>
    </Group>
  );
}

function More({ saved }: { saved: Audience }) {
  const words = audiencesTexts;
  const moved = useMoved();
  const [isDeleting, setDeleting] = useState(false);
  const isArchived = saved.status === 'archived';
  const archive = useMutation({
    mutationFn: () => setAudienceStatus(saved.id, saved.version, isArchived ? 'active' : 'archived'),
    onSuccess: () => {
      moved();
      done(isArchived ? words.backNow(saved.name) : words.archivedNow(saved.name));
    },
    onError: failed,
  });
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size="lg" aria-label={words.moreOf}>
            <DotsSign />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => archive.mutate()}>{isArchived ? words.unarchive : words.archive}</Menu.Item>
          <Menu.Item c="var(--bad)" onClick={() => setDeleting(true)}>
            {words.delete}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Suspense>{isDeleting && <DeleteModal saved={saved} onClose={() => setDeleting(false)} />}</Suspense>
    </>
  );
}
