// Groups in which audiences shut each other out: whoever is in several gets the first one.
import { ActionIcon, Button, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { type ExclusionGroup, endExclusionGroup, exclusionGroups, saveExclusionGroup } from '../../api/gates';
import { failed } from '../../parts/notify';
import { Panel } from '../../parts/panel';
import { audiences as audiencesTexts } from '../../texts/en/audiences';
import { CrossSign, DownSign, UpSign } from './signs';

export function PriorityPanel({ audience }: { audience: number | null }) {
  const words = audiencesTexts;
  const groups = useQuery(exclusionGroups).data ?? [];
  const queries = useQueryClient();
  const moved = () => {
    for (const key of ['exclusion-groups', 'audience', 'audiences', 'dashboard']) void queries.invalidateQueries({ queryKey: [key] });
  };
  const save = useMutation({
    mutationFn: ({ group, order }: { group: ExclusionGroup; order: number[] }) =>
      // A group without audiences is given up.
      order.length === 0
        ? endExclusionGroup(group.id)
        : saveExclusionGroup(group.id, { name: group.name, audiences: order }),
    onSuccess: moved,
    onError: failed,
  });
  const mine = groups.filter((group) => group.audiences.some((one) => one.id === audience));
  return (
    <Panel title={words.priority} about={words.priorityAbout}>
      {audience === null ? (
        <Text c="dimmed">{words.priorityUnsaved}</Text>
      ) : (
        <Stack gap="lg">
          {mine.length === 0 && <Text c="dimmed">{words.priorityNone}</Text>}
          {mine.map((group) => (
            <GroupOrder key={group.id} group={group} audience={audience} onOrder={(order) => save.mutate({ group, order })} />
          ))}
          <Join audience={audience} groups={groups.filter((group) => !mine.includes(group))} onJoined={moved} />
        </Stack>
      )}
    </Panel>
  );
}

interface GroupOrderProps {
  group: ExclusionGroup;
  audience: number;
  onOrder: (order: number[]) => void;
}

function GroupOrder({ group, audience, onOrder }: GroupOrderProps) {
  const words = audiencesTexts;
  const order = group.audiences.map((one) => one.id);
  const swap = (place: number, other: number) => {
    const next = [...order];
    [next[place], next[other]] = [next[other] as number, next[place] as number];
    onOrder(next);
  };
  return (
    <div>
      <Group justify="space-between" mb={4}>
        <Title order={3}>{group.name}</Title>
        <Group gap={4}>
          <Text size="sm" c="dimmed">
            {words.priorityPlace(order.indexOf(audience) + 1, order.length)}
          </Text>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={words.priorityLeave(group.name)}
            onClick={() => onOrder(order.filter((id) => id !== audience))}
          >
            <CrossSign size={12} />
          </ActionIcon>
        </Group>
      </Group>
      {group.audiences.map((one, place) => {
        const name = one.name ?? String(one.id);
        return (
          <Group key={one.id} justify="space-between" wrap="nowrap" py={2}>
            <Text size="sm" fw={one.id === audience ? 550 : undefined}>
              {place + 1}. {name}
              {one.id === audience && ` (${words.priorityHere})`}
            </Text>
            <Group gap={2} wrap="nowrap">
              <ActionIcon
                variant="subtle"
                color="gray"
                disabled={place === 0}
                aria-label={words.priorityUp(name)}
                onClick={() => swap(place, place - 1)}
              >
                <UpSign size={16} />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="gray"
                disabled={place === order.length - 1}
                aria-label={words.priorityDown(name)}
                onClick={() => swap(place, place + 1)}
              >
                <DownSign size={16} />
              </ActionIcon>
            </Group>
          </Group>
        );
      })}
    </div>
  );
}

interface JoinProps {
  audience: number;
  groups: ExclusionGroup[];
  onJoined: () => void;
}

function Join({ audience, groups, onJoined }: JoinProps) {
  const words = audiencesTexts;
  const [name, setName] = useState('');
  const join = useMutation({
    mutationFn: (group: ExclusionGroup | string) =>
      typeof group === 'string'
        ? saveExclusionGroup(null, { name: group, audiences: [audience] })
        : saveExclusionGroup(group.id, {
            name: group.name,
            audiences: [...group.audiences.map((one) => one.id), audience],
          }),
    onSuccess: () => {
      setName('');
      onJoined();
    },
    onError: failed,
  });
  const known = groups.find((group) => group.name === name.trim());
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim()) join.mutate(known ?? name.trim());
      }}
    >
      <Group align="flex-end" gap="sm">
        <TextInput
          label={words.priorityJoin}
          placeholder={words.priorityJoinHint}
          list="priority-groups"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          flex="1 1 12rem"
        />
        <datalist id="priority-groups">
          {groups.map((group) => (
            <option key={group.id} value={group.name} />
          ))}
        </datalist>
        <Button type="submit" variant="default" disabled={!name.trim()} loading={join.isPending}>
          {known || !name.trim() ? words.priorityJoin : words.priorityNew(name.trim())}
        </Button>
      </Group>
    </form>
  );
}
