// The control group, and audiences that shut each other out.
import { Button, Group, List, MultiSelect, NumberInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import type { Schemas } from '../../api/client';
import { controlGroup, endExclusionGroup, exclusionGroups, saveControlGroup, saveExclusionGroup } from '../../api/gates';
import { dashboard } from '../../api/overview';
import { ChangeDialog } from '../../parts/change-dialog';
import { FormDialog } from '../../parts/form-dialog';
import { May } from '../../parts/may';
import { done } from '../../parts/notify';
import { Panel } from '../../parts/panel';
import { Trouble } from '../../parts/trouble';
import { settings as settingsTexts } from '../../texts/en/settings';

type ExclusionGroup = Schemas['ExclusionGroupAnswer'];

export function Groups() {
  return (
    <Stack gap="md">
      <Control />
      <Exclusion />
    </Stack>
  );
}

function Control() {
  const words = settingsTexts;
  const told = useQuery(controlGroup);
  const [isEdited, setEdited] = useState(false);
  return (
    <Panel
      title={words.control}
      about={words.controlAbout}
      aside={
        <May right="administer">
          <Button size="compact-sm" variant="default" aria-label={words.editOf(words.control)} onClick={() => setEdited(true)}>
            {words.edit}
          </Button>
        </May>
      }
    >
      {told.isError && <Trouble error={told.error} />}
      <Text>{told.data ? words.controlIs(String(told.data.percent), told.data.salt) : words.controlNone}</Text>
      {isEdited && <EditControl now={told.data ?? null} onClose={() => setEdited(false)} />}
    </Panel>
  );
}

function EditControl({ now, onClose }: { now: Schemas['ShareAnswer'] | null; onClose: () => void }) {
  const words = settingsTexts;
  const [percent, setPercent] = useState<string | number>(now?.percent ?? 5);
  const [salt, setSalt] = useState(now?.salt ?? 'control');
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: (group: Schemas['ShareAnswer'] | null) => saveControlGroup(group),
    onSuccess: async () => {
      await queries.invalidateQueries();
      done(words.controlSaved);
      onClose();
    },
  });
  return (
    <FormDialog
      title={words.control}
      onClose={onClose}
      onSubmit={() => save.mutate({ percent: Number(percent), salt: salt.trim() })}
      submit={words.save}
      isPending={save.isPending}
      error={save.error}
    >
      <NumberInput label={words.percent} value={percent} onChange={setPercent} min={0} max={100} decimalScale={4} hideControls data-autofocus />
      <TextInput label={words.salt} description={words.saltAbout} value={salt} onChange={(event) => setSalt(event.currentTarget.value)} />
      {now && (
        <Group>
          <Button variant="default" c="var(--bad)" onClick={() => save.mutate(null)}>
            {words.controlEnd}
          </Button>
        </Group>
      )}
    </FormDialog>
  );
}

function Exclusion() {
  const words = settingsTexts;
  const told = useQuery(exclusionGroups);
  const [edited, setEdited] = useState<ExclusionGroup | 'new'>();
  const [ended, setEnded] = useState<ExclusionGroup>();
  return (
    <Panel
      title={words.groups}
      about={words.groupsAbout}
      aside={
        <May right="write">
          <Button size="compact-sm" variant="default" onClick={() => setEdited('new')}>
            {words.newGroup}
          </Button>
        </May>
      }
    >
      {told.isError && <Trouble error={told.error} />}
      {told.data?.length === 0 && <Text c="dimmed">{words.noGroups}</Text>}
      <Stack gap="md">
        {told.data?.map((group) => (
          <Group key={group.id} justify="space-between" align="flex-start">
            <div>
              <Text fw={550}>{group.name}</Text>
              <List type="ordered" size="sm">
                {group.audiences.map((one) => (
                  <List.Item key={one.id}>{one.name ?? words.gone(one.id)}</List.Item>
                ))}
              </List>
            </div>
            <May right="write">
              <Group gap={6}>
                <Button size="compact-sm" variant="default" aria-label={words.editOf(group.name)} onClick={() => setEdited(group)}>
                  {words.edit}
                </Button>
                <Button size="compact-sm" variant="default" c="var(--bad)" aria-label={words.deleteOf(group.name)} onClick={() => setEnded(group)}>
                  {words.delete}
                </Button>
              </Group>
            </May>
          </Group>
        ))}
      </Stack>
      {edited && <EditGroup group={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />}
      {ended && <EndGroup group={ended} onClose={() => setEnded(undefined)} />}
    </Panel>
  );
}

function EditGroup({ group, onClose }: { group: ExclusionGroup | undefined; onClose: () => void }) {
  const words = settingsTexts;
  const all = useQuery(dashboard).data?.audiences ?? [];
  const [name, setName] = useState(group?.name ?? '');
  const [audiences, setAudiences] = useState(group?.audiences.map((one) => String(one.id)) ?? []);
  return (
    <ChangeDialog
      title={group ? words.editOf(group.name) : words.newGroup}
      submit={words.save}
      ask={() => saveExclusionGroup(group?.id ?? null, { name: name.trim(), audiences: audiences.map(Number) })}
      said={() => words.groupSaved(name.trim())}
      onClose={onClose}
    >
      <TextInput label={words.name} value={name} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
      <MultiSelect
        label={words.groupAudiences}
        data={all.map((one) => ({ value: String(one.id), label: one.name }))}
        value={audiences}
        onChange={setAudiences}
        searchable
      />
    </ChangeDialog>
  );
}

function EndGroup({ group, onClose }: { group: ExclusionGroup; onClose: () => void }) {
  const words = settingsTexts;
  return (
    <ChangeDialog title={words.deleteOf(group.name)} submit={words.delete} ask={() => endExclusionGroup(group.id)} onClose={onClose} isGrave>
      <Text size="sm">{words.groupEndAbout}</Text>
    </ChangeDialog>
  );
}
