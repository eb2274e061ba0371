// What is done to a segment as a whole: copied, put away, deleted.
import { ActionIcon, Button, Group, List, Menu, Modal, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';

import { problemFrom } from '../../../api/problem';
import { type Segment, change, remove } from '../../../api/segment';
import { MoreSign } from '../../../parts/builder-icons';
import { done, failed } from '../../../parts/notify';
import { Trouble } from '../../../parts/trouble';
import { builder as builderTexts } from '../../../texts/en/builder';
import classes from './edit.module.css';

interface MoreProps {
  segment: Segment;
  onSaved: (saved: Segment) => void;
  onDeleted: () => void;
}

export function More({ segment, onSaved, onDeleted }: MoreProps) {
  const words = builderTexts;
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [isAsked, setAsked] = useState(false);
  const becoming = useMutation({
    mutationFn: (status: string) => change(segment.id, segment.version, { status }),
    onSuccess: (saved) => {
      done(words.saved(saved.name));
      onSaved(saved);
    },
    onError: failed,
  });
  const deleting = useMutation({
    mutationFn: () => remove(segment.id),
    onSuccess: () => {
      onDeleted();
      done(words.deleted(segment.name));
      for (const changed of ['segments', 'dashboard']) void queryClient.invalidateQueries({ queryKey: [changed] });
      void navigate({ to: '/app/segments' });
      queryClient.removeQueries({ queryKey: ['segment', String(segment.id)] });
    },
  });
  const refusal = deleting.error ? problemFrom(deleting.error) : null;
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label={words.more}>
            <MoreSign size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => void navigate({ to: '/app/segments/new', search: { copy: String(segment.id) } })}>
            {words.duplicate}
          </Menu.Item>
          {segment.status !== 'active' && (
            <Menu.Item onClick={() => becoming.mutate('active')}>
              {segment.status === 'archived' ? words.unarchive : words.activate}
            </Menu.Item>
          )}
          {segment.status !== 'archived' && <Menu.Item onClick={() => becoming.mutate('archived')}>{words.archive}</Menu.Item>}
          <Menu.Item c="var(--bad)" onClick={() => setAsked(true)}>
            {words.delete}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={isAsked}
        onClose={() => {
          setAsked(false);
          deleting.reset();
        }}
        title={refusal?.status === 409 ? words.inUse(segment.name) : words.deleteSure(segment.name)}
        classNames={{ title: classes.title }}
        closeButtonProps={{ 'aria-label': words.cancel }}
      >
        {refusal?.status === 409 ? (
          <>
            <Text size="sm">{words.inUseAbout}</Text>
            <List size="sm" mt="xs">
              {refusal.usedBy.map((user) => (
                <List.Item key={`${user.kind} ${user.id}`}>
                  {words.useKinds[user.kind]}: {user.name}
                </List.Item>
              ))}
            </List>
          </>
        ) : (
          <Text size="sm">{words.deleteAbout}</Text>
        )}
        {refusal && refusal.status !== 409 && <Trouble error={refusal} />}
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={() => setAsked(false)}>
            {words.cancel}
          </Button>
          {refusal?.status !== 409 && (
            <Button color="red.9" loading={deleting.isPending} onClick={() => deleting.mutate()}>
              {words.delete}
            </Button>
          )}
        </Group>
      </Modal>
    </>
  );
}
