// All fields: what type they are, how many people have a value, which. One of them opens beside the list.
import { Badge, Button, Card, Drawer, Group, Select, Skeleton, Stack, Table, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useDebouncedCallback, useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';

import { type Field, addFields, personalFields } from '../../api/fields';
import { schema } from '../../api/overview';
import { readable } from '../../format/field';
import { count, share } from '../../format/number';
import { day } from '../../format/time';
import { type Told, valueOf } from '../../format/value';
import { ChangeDialog } from '../../parts/change-dialog';
import { Empty } from '../../parts/empty';
import { PlusSign, SearchSign } from '../../parts/icons';
import { ButtonLink } from '../../parts/link';
import { May } from '../../parts/may';
import { Named } from '../../parts/named';
import { Trouble } from '../../parts/trouble';
import { data as dataTexts } from '../../texts/en/data';
import classes from './data.module.css';
import { OneField } from './field';

const route = getRouteApi('/app/data');

/** Milliseconds without a key after which the address says what is searched for. */
const PAUSE_MS = 200;

export function Fields() {
  const words = dataTexts;
  const told = useQuery(schema);
  const personal = useQuery(personalFields).data ?? [];
  const { field: opened, q = '' } = route.useSearch();
  const navigate = route.useNavigate();
  // The box keeps what is typed in it; the address follows.
  const [sought, setSought] = useState(q);
  const search = useDebouncedCallback(
    (text: string) => void navigate({ search: (before) => ({ ...before, q: text || undefined }), replace: true, resetScroll: false }),
    PAUSE_MS,
  );
  const fields = (told.data?.fields ?? []) as Field[];
  const shown = fields.filter((field) => `${field.name} ${readable(field.name)} ${dataTexts.types[field.type] ?? field.type}`.toLowerCase().includes(sought.trim().toLowerCase()));
  const open = (name: string | undefined) =>
    void navigate({ search: (before) => ({ ...before, field: name }), resetScroll: false });
  const one = fields.find((field) => field.name === opened);
  if (told.isError) return <Trouble error={told.error} onRetry={() => void told.refetch()} />;
  if (told.isPending) return <Skeleton height={320} radius="lg" />;
  return (
    <Stack gap="md">
      <Group align="flex-end">
        <TextInput
          label={words.search}
          placeholder={words.searchHint}
          value={sought}
          onChange={(event) => {
            setSought(event.currentTarget.value);
            search(event.currentTarget.value.trim());
          }}
          leftSection={<SearchSign size={16} />}
          flex="1 1 14rem"
        />
        <May right="administer">
          <AddField />
        </May>
      </Group>
      {fields.length === 0 && <NoFields />}
      {fields.length > 0 && shown.length === 0 && <Empty title={words.fieldNone} />}
      {shown.length > 0 && (
        <Card p={0}>
          <Table.ScrollContainer minWidth={280} type="native">
            <Table verticalSpacing="sm" horizontalSpacing="lg" highlightOnHover aria-label={words.title}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{words.head.name}</Table.Th>
                  <Table.Th visibleFrom="md">{words.head.type}</Table.Th>
                  <Table.Th ta="right">{words.head.filled}</Table.Th>
                  <Table.Th ta="right" visibleFrom="md">{words.head.distinct}</Table.Th>
                  <Table.Th visibleFrom="lg">{words.head.values}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {shown.map((field) => (
                  <Row
                    key={field.name}
                    field={field}
                    population={told.data.population}
                    isPersonal={personal.includes(field.name)}
                    onOpen={() => open(field.name)}
                  />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </Card>
      )}
      <Drawer
        opened={one !== undefined}
        onClose={() => open(undefined)}
        title={one && <Named name={one.name} />}
        position="right"
        size="lg"
        closeButtonProps={{ 'aria-label': words.close }}
      >
        {one && <OneField field={one} personal={personal} population={told.data.population} />}
      </Drawer>
    </Stack>
  );
}

interface RowProps {
  field: Field;
  population: number;
  isPersonal: boolean;
  onOpen: () => void;
}

function Row({ field, population, isPersonal, onOpen }: RowProps) {
  const words = dataTexts;
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap={8}>
          <UnstyledButton className={classes.open} onClick={onOpen}>
            <Named name={field.name} />
          </UnstyledButton>
          {isPersonal && <Badge size="sm">{words.personal}</Badge>}
        </Group>
      </Table.Td>
      <Table.Td visibleFrom="md">
        <Text size="sm" c="dimmed">
          {words.types[field.type] ?? field.type}
        </Text>
      </Table.Td>
      <Table.Td ta="right">
        <div className={classes.filled}>
          <span className={classes.track} aria-hidden>
            <span className={classes.part} style={{ width: `${population === 0 ? 0 : (100 * field.present) / population}%` }} />
          </span>
          <span className={classes.share}>{population === 0 ? '–' : share(field.present / population)}</span>
        </div>
      </Table.Td>
      <Table.Td ta="right" visibleFrom="md">{field.masked?.includes('distinct') ? '–' : count(field.distinct ?? 0)}</Table.Td>
      <Table.Td maw="18rem" visibleFrom="lg">
        <Text size="sm" c="dimmed" truncate title={inShort(field)}>
          {inShort(field)}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}

/** The range of what has an order, or the most frequent values. */
function inShort(field: Field): string {
  const words = dataTexts;
  if (field.masked) return words.hiddenValues;
  const told = (value: unknown) => valueOf(value as Told, field.type, words);
  // Of a span of time the days say enough, and there is room for them.
  if (field.type === 'time' && field.min != null && field.max != null) return words.range(day(String(field.min)), day(String(field.max)));
  if (field.min != null && field.max != null) return words.range(told(field.min), told(field.max));
  const top = (field.top ?? []) as unknown as { value: Told }[];
  return top.slice(0, 4).map((one) => told(one.value)).join(', ');
}

function NoFields() {
  const words = dataTexts;
  const action = (
    <May right="administer">
      <ButtonLink to="/app/data" search={{ tab: 'import' }}>
        {words.toImport}
      </ButtonLink>
    </May>
  );
  return (
    <Empty title={words.noFields} action={action}>
      {words.noFieldsAbout}
    </Empty>
  );
}

function AddField() {
  const words = dataTexts;
  const [isOpen, dialog] = useDisclosure(false);
  return (
    <>
      <Button variant="default" leftSection={<PlusSign size={16} />} onClick={dialog.open}>
        {words.add}
      </Button>
      {isOpen && <NewField onClose={dialog.close} />}
    </>
  );
}

function NewField({ onClose }: { onClose: () => void }) {
  const words = dataTexts;
  const [name, setName] = useState('');
  const [type, setType] = useState('keyword');
  return (
    <ChangeDialog
      title={words.add}
      submit={words.addNow}
      ask={() => addFields([{ name: name.trim(), type }])}
      said={() => words.added(readable(name.trim()))}
      onClose={onClose}
    >
      <TextInput label={words.addName} value={name} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
      <Select
        label={words.addType}
        data={Object.entries(words.types).map(([value, label]) => ({ value, label }))}
        value={type}
        onChange={(next) => setType(next ?? 'keyword')}
        allowDeselect={false}
      />
    </ChangeDialog>
  );
}
