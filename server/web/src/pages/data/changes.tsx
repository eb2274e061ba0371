// What the first rows of a file would do to the people there are.
import { Group, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import { known } from '../../api/import';
import { readable } from '../../format/field';
import { valueOf } from '../../format/value';
import { Panel } from '../../parts/panel';
import { Scrolled } from '../../parts/scrolled';
import { Cell, Stacked, StackedRow } from '../../parts/stacked';
import { Trouble } from '../../parts/trouble';
import { data as dataTexts } from '../../texts/en/data';
import type { Chosen } from './import';
import { type RowPreview, compared } from './look';

/** Differences of a row that are named. */
const NAMED = 3;

export function Changes({ chosen, idName }: { chosen: Chosen; idName: string }) {
  const words = dataTexts;
  const { columns, rows } = chosen.look;
  const at = columns.indexOf(chosen.idColumn ?? '');
  const ids = rows.map((row) => row[at]?.trim() ?? '').filter((id) => id !== '');
  const found = useQuery(known(idName, [...new Set(ids)]));
  if (ids.length === 0) return null;
  const previews = found.data && rows.flatMap((row) => previewOf(row, chosen, found.data) ?? []);
  const often = (kind: RowPreview['kind']) => previews?.filter((one) => one.kind === kind).length ?? 0;
  return (
    <Panel title={words.preview} about={words.previewAbout(ids.length)}>
      {found.isError && <Trouble error={found.error} />}
      {found.isPending && <Skeleton height={120} />}
      {previews && (
        <>
          <Group gap="lg" mb="md">
            <Text fw={550}>{words.previewNew(often('new'))}</Text>
            <Text fw={550}>{words.previewChanged(often('changed'))}</Text>
            <Text fw={550}>{words.previewSame(often('same'))}</Text>
          </Group>
          <Scrolled label={words.preview}>
            <Stacked label={words.preview} below="narrow" verticalSpacing={6} horizontalSpacing="sm" head={Object.values(words.previewHead)}>
              {previews.map((one, i) => (
                <StackedRow key={`${one.id} ${i}`}>
                  <Cell of={words.previewHead.id}>{one.id}</Cell>
                  <Cell of={words.previewHead.what}>{words.kinds[one.kind]}</Cell>
                  <Cell>
                    {one.differences.slice(0, NAMED).map(({ field, before, after }) => (
                      <Text key={field} size="sm">
                        <Text span inherit c="dimmed">
                          {readable(field)}
                        </Text>{' '}
                        {words.change(valueOf(before, '', words), after)}
                      </Text>
                    ))}
                  </Cell>
                </StackedRow>
              ))}
            </Stacked>
          </Scrolled>
        </>
      )}
    </Panel>
  );
}

function previewOf(row: string[], { look, idColumn, mapping }: Chosen, people: { id: unknown }[]): RowPreview | undefined {
  const id = row[look.columns.indexOf(idColumn ?? '')]?.trim();
  if (!id) return undefined;
  const cells = look.columns.flatMap((column, i) => {
    const field = mapping[column];
    return column === idColumn || field == null ? [] : [[field, row[i] ?? ''] as const];
  });
  const person = people.find((one) => String(one.id) === id);
  return compared(id, Object.fromEntries(cells), person as Parameters<typeof compared>[2]);
}
