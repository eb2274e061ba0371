// What became of a file, or would: every row is accounted for, and every row that is kept back says why.
import { Badge, Button, Card, Group, List, SimpleGrid, Stack, Text, Title } from '@mantine/core';

import type { Schemas } from '../../api/client';
import { keepFile } from '../../api/transfer';
import { inWords, readable } from '../../format/field';
import { count } from '../../format/number';
import { Fact } from '../../parts/fact';
import { ButtonLink } from '../../parts/link';
import { Panel } from '../../parts/panel';
import { Scrolled } from '../../parts/scrolled';
import { Cell, Stacked, StackedRow } from '../../parts/stacked';
import { data as dataTexts } from '../../texts/en/data';

type Rejected = Schemas['Rejected'];

/** What the server said of a file of people or of events. */
export type Told = { what: 'people'; report: Schemas['ImportReport'] } | { what: 'events'; report: Schemas['EventReport'] };

/** The report of an import; of one that was only tried where there is no other file to go to. */
export function Report({ told, onAnother }: { told: Told; onAnother?: () => void }) {
  const words = dataTexts;
  const { rejected, rejected_total, rows } = told.report;
  const rest = { rows, rejected, total: rejected_total, onAnother };
  if (told.what === 'events') {
    const { accepted, duplicates, profiles_created } = told.report;
    const facts: Facts = [
      [words.facts.accepted, accepted],
      [words.facts.repeated, duplicates],
      [words.facts.created, profiles_created],
      [words.facts.rejected, rejected_total],
    ];
    return <Accounted facts={facts} {...rest} />;
  }
  const { inserted, updated, unchanged, duplicates_total, fields_added, warnings } = told.report;
  const facts: Facts = [
    [words.facts.inserted, inserted],
    [words.facts.updated, updated],
    [words.facts.unchanged, unchanged],
    [words.facts.rejected, rejected_total],
    ...(duplicates_total > 0 ? ([[words.facts.duplicates, duplicates_total]] as Facts) : []),
  ];
  return (
    <Accounted facts={facts} {...rest}>
      {fields_added.length > 0 && (
        <Panel title={words.fieldsAdded}>
          <Group gap="xs">
            {fields_added.map((field) => (
              <Badge key={field.name} size="lg">
                {readable(field.name)} · {words.types[field.type] ?? field.type}
              </Badge>
            ))}
          </Group>
        </Panel>
      )}
      {warnings.length > 0 && (
        <Card>
          <List size="sm">
            {warnings.map((warning) => (
              <List.Item key={warning.message}>{inWords(warning.message)}</List.Item>
            ))}
          </List>
        </Card>
      )}
    </Accounted>
  );
}

type Facts = [string, number][];

interface AccountedProps {
  rows: number;
  facts: Facts;
  rejected: Rejected[];
  total: number;
  onAnother?: () => void;
  children?: React.ReactNode;
}

function Accounted({ rows, facts, rejected, total, onAnother, children }: AccountedProps) {
  const words = dataTexts;
  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-end">
        <div role="status">
          <Title order={2}>{onAnother ? words.result : words.tried}</Title>
          <Text c="dimmed">{onAnother ? words.resultAbout(count(rows)) : words.triedAbout(count(rows))}</Text>
        </div>
        {onAnother && (
          <Group gap="sm">
            <Button variant="default" onClick={onAnother}>
              {words.another}
            </Button>
            <ButtonLink to="/app/people" variant="default">
              {words.toPeople}
            </ButtonLink>
            <ButtonLink to="/app/segments/new">{words.toSegments}</ButtonLink>
          </Group>
        )}
      </Group>
      <SimpleGrid cols={{ base: 2, sm: facts.length }} spacing="md">
        {facts.map(([label, value]) => (
          <Fact key={label} label={label} value={count(value)} />
        ))}
      </SimpleGrid>
      {children}
      {rejected.length > 0 && <Mistakes rejected={rejected} total={total} />}
    </Stack>
  );
}

/** A pointer such as `/total_spent`, as the column that it means. */
const columnOf = (pointer: string) => pointer.slice(1).replaceAll('~1', '/').replaceAll('~0', '~');

function Mistakes({ rejected, total }: { rejected: Rejected[]; total: number }) {
  const words = dataTexts;
  const lines = rejected.flatMap((one) => one.errors.map((error) => ({ row: one.row, column: columnOf(error.pointer), why: error.message })));
  const save = () => {
    const cell = (value: string | number) => `"${String(value).replaceAll('"', '""')}"`;
    const text = [Object.values(words.mistakesHead), ...lines.map(({ row, column, why }) => [row, column, why])];
    keepFile(new Blob([text.map((line) => `${line.map(cell).join(',')}\n`).join('')], { type: 'text/csv' }), 'mistakes.csv');
  };
  return (
    <Panel
      title={words.mistakes}
      about={words.mistakesAbout(count(rejected.length), count(total))}
      aside={
        <Button variant="default" size="xs" onClick={save}>
          {words.mistakesSave}
        </Button>
      }
    >
      <Scrolled label={words.mistakes}>
        <Stacked label={words.mistakes} below="narrow" verticalSpacing={6} horizontalSpacing="sm" head={Object.values(words.mistakesHead)} figures={[0]}>
          {lines.map(({ row, column, why }, i) => (
            <StackedRow key={`${row} ${column} ${i}`}>
              <Cell of={words.mistakesHead.row} isFigure>
                {count(row)}
              </Cell>
              <Cell of={words.mistakesHead.where}>{column}</Cell>
              <Cell>{inWords(why)}</Cell>
            </StackedRow>
          ))}
        </Stacked>
      </Scrolled>
    </Panel>
  );
}
