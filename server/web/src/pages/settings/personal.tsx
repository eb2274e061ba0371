// Which fields are personal.
import { Badge, Button, Card, Group, Pill, Stack, TagsInput, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { personalFields, savePersonalFields } from '../../api/fields';
import { schema } from '../../api/overview';
import { readable } from '../../format/field';
import { fieldSelect } from '../../parts/field-choice';
import { useMay } from '../../parts/may';
import { Named } from '../../parts/named';
import { done } from '../../parts/notify';
import { Trouble } from '../../parts/trouble';
import { settings as settingsTexts } from '../../texts/en/settings';
import { Section } from './section';

export function Personal() {
  const words = settingsTexts;
  const told = useQuery(personalFields);
  const mayChange = useMay('administer');
  return (
    <Section about={words.personalAbout} asked={told}>
      {told.data && mayChange && <Edit key={told.data.join()} fields={told.data} />}
      {told.data && !mayChange && told.data.length === 0 && <Text c="dimmed">{words.personalNone}</Text>}
      {told.data && !mayChange && (
        <Group gap={6}>
          {told.data.map((name) => (
            <Badge key={name} size="lg">
              {readable(name)}
            </Badge>
          ))}
        </Group>
      )}
    </Section>
  );
}

function Edit({ fields }: { fields: string[] }) {
  const words = settingsTexts;
  const [names, setNames] = useState(fields);
  const known = useQuery(schema).data?.fields.map((field) => field.name) ?? [];
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: () => savePersonalFields(names),
    onSuccess: async () => {
      await queries.invalidateQueries();
      done(words.personalSaved);
    },
  });
  return (
    <Card>
      <Stack>
        <TagsInput
          label={words.personalField}
          placeholder={words.personalHint}
          data={known}
          filter={fieldSelect.filter}
          renderOption={({ option }) => <Named name={option.value} />}
          renderPill={({ option, onRemove, disabled }) => (
            <Pill withRemoveButton={!disabled} onRemove={onRemove}>
              {readable(String(option?.value))}
            </Pill>
          )}
          value={names}
          onChange={setNames}
        />
        {save.isError && <Trouble error={save.error} />}
        <Group>
          <Button onClick={() => save.mutate()} loading={save.isPending} disabled={names.join() === fields.join()}>
            {words.save}
          </Button>
        </Group>
      </Stack>
    </Card>
  );
}
