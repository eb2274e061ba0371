// What somebody is: the fields by what kind they are, personal ones first; admins change them.
import { ActionIcon, Stack, Switch, Text, TextInput, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { type Field, personalFields } from '../../api/fields';
import { schema } from '../../api/overview';
import { type Person, type Value, change } from '../../api/people';
import { readable } from '../../format/field';
import { ChangeDialog } from '../../parts/change-dialog';
import { EditSign } from '../../parts/icons';
import { useMay } from '../../parts/may';
import { Panel } from '../../parts/panel';
import { Shown } from '../../parts/value';
import { data as dataTexts } from '../../texts/en/data';
import { people as peopleTexts } from '../../texts/en/people';
import { typedValue } from './typed';
import classes from './people.module.css';

type GroupName = keyof typeof peopleTexts.groups;

function groupOf(field: Field, personal: string[]): GroupName {
  if (personal.includes(field.name)) return 'personal';
  if (/^(int|float|decimal.*)$/.test(field.type)) return 'numbers';
  return field.type === 'time' || field.type === 'date' ? 'times' : 'traits';
}

export function FieldsPanel({ person }: { person: Person }) {
  const words = peopleTexts;
  const [isAll, setAll] = useState(false);
  const [edited, setEdited] = useState<Field>();
  const mayChange = useMay('administer');
  const personal = useQuery(personalFields).data ?? [];
  const fields = (useQuery(schema).data?.fields ?? []) as Field[];
  const has = (field: Field) => (person.fields[field.name] ?? null) !== null || person.masked?.includes(field.name);
  const shown = fields.filter((field) => isAll || has(field));
  return (
    <Panel
      title={words.fields}
      about={words.fieldsAbout(fields.filter(has).length, fields.length)}
      aside={<Switch label={words.showMissing} checked={isAll} onChange={(event) => setAll(event.currentTarget.checked)} size="xs" />}
    >
      <Stack gap="lg">
        {(Object.keys(words.groups) as GroupName[]).map((name) => {
          const those = shown.filter((field) => groupOf(field, personal) === name);
          return (
            those.length > 0 && (
              <div key={name}>
                <Title order={3} mb={6}>
                  {words.groups[name]}
                </Title>
                <dl className={classes.fields}>
                  {those.map((field) => (
                    <div key={field.name} className={classes.field}>
                      <dt>
                        {readable(field.name)}
                        {/* What is made from something else is written by nobody. */}
                        {mayChange && !field.computed && (
                          <ActionIcon variant="subtle" color="gray" size="sm" aria-label={words.edit(readable(field.name))} onClick={() => setEdited(field)}>
                            <EditSign size={14} />
                          </ActionIcon>
                        )}
                      </dt>
                      <dd>
                        <Shown value={person.fields[field.name]} type={field.type} isMasked={person.masked?.includes(field.name)} />
                      </dd>
                    </div>
                  ))}
                </dl>
              </div>
            )
          );
        })}
      </Stack>
      {edited && <Edit person={person} field={edited} onClose={() => setEdited(undefined)} />}
    </Panel>
  );
}

const shownAs = (value: Value | undefined) => (Array.isArray(value) ? value.join(', ') : String(value ?? ''));

function Edit({ person, field, onClose }: { person: Person; field: Field; onClose: () => void }) {
  const words = peopleTexts;
  const id = String(person.id);
  const [text, setText] = useState(shownAs(person.fields[field.name]));
  return (
    <ChangeDialog
      title={words.editTitle(readable(field.name))}
      submit={words.save}
      ask={() => change(id, { [field.name]: typedValue(text, field.type) })}
      said={() => words.saved(readable(field.name))}
      onClose={onClose}
    >
      <TextInput
        label={words.editValue}
        description={dataTexts.types[field.type] ?? field.type}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        data-autofocus
      />
      <Text size="sm" c="dimmed">
        {words.editAbout}
      </Text>
    </ChangeDialog>
  );
}
