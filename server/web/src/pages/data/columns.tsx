// The columns of a file with their first values, and what each becomes.
import { Badge, Card, Select, Stack, Text } from '@mantine/core';

import { readable } from '../../format/field';
import { fieldChoices, fieldSelect } from '../../parts/field-choice';
import { Panel } from '../../parts/panel';
import { Cell, Stacked, StackedRow } from '../../parts/stacked';
import { data as dataTexts } from '../../texts/en/data';
import type { Chosen, Known } from './import';

/** First values that are shown of a column. */
const SHOWN = 3;
/** What stands for leaving a column out; no field is called so. */
const OUT = '\u0000';

interface ColumnsProps {
  chosen: Chosen;
  known: Known;
  onChange: (next: Chosen) => void;
}

export function Columns({ chosen, known, onChange }: ColumnsProps) {
  const words = dataTexts;
  const { columns, rows, format } = chosen.look;
  if (columns.length === 0) {
    return (
      <Card>
        <Text c="dimmed">{words.unseen}</Text>
      </Card>
    );
  }
  const fields = known?.fields.map((field) => field.name) ?? [];
  const choices = (column: string) => {
    const isNew = !fields.includes(column);
    return [
      ...(isNew ? [{ value: column, label: words.newField(readable(column)) }] : []),
      ...fieldChoices(fields),
      { value: OUT, label: words.leaveOut },
    ];
  };
  const samples = (i: number) => rows.slice(0, SHOWN).map((row) => row[i] ?? '').filter((value) => value !== '').join(', ');
  return (
    <Panel title={words.mapping} about={words.mappingAbout}>
      <Stack gap="md">
        <Select
          label={words.idColumn}
          data={columns}
          value={chosen.idColumn ?? null}
          onChange={(next) => onChange({ ...chosen, idColumn: next ?? undefined })}
          allowDeselect={false}
          maw={320}
        />
        <Stacked label={words.mapping} below="narrow" verticalSpacing="xs" horizontalSpacing="sm" head={Object.values(words.mappingHead)}>
              {columns.map((column, i) => (
                <StackedRow key={column}>
                  <Cell fw={550}>{column}</Cell>
                  <Cell of={words.mappingHead.sample} maw="18rem">
                    <Text size="sm" c="dimmed" truncate>
                      {samples(i)}
                    </Text>
                  </Cell>
                  <Cell w={280} of={words.mappingHead.field}>
                    {column === chosen.idColumn && <Badge>{words.isId}</Badge>}
                    {column !== chosen.idColumn && format === 'csv' && (
                      <Select
                        aria-label={words.mappingOf(column)}
                        size="xs"
                        data={choices(column)}
                        {...fieldSelect}
                        value={chosen.mapping[column] ?? OUT}
                        onChange={(next) =>
                          onChange({ ...chosen, mapping: { ...chosen.mapping, [column]: next === OUT ? null : next } })
                        }
                        allowDeselect={false}
                        searchable
                      />
                    )}
                    {column !== chosen.idColumn && format !== 'csv' && (
                      <Text size="sm">{fields.includes(column) ? readable(column) : words.newField(readable(column))}</Text>
                    )}
                  </Cell>
                </StackedRow>
              ))}
        </Stacked>
      </Stack>
    </Panel>
  );
}
