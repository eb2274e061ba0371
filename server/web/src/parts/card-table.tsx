// A table that fills a card, and is moved sideways where it is wider than the window.
import { Card, Table } from '@mantine/core';
import type { ReactNode } from 'react';

interface CardTableProps {
  label: string;
  /** Pixels below which it is moved sideways. */
  minWidth: number;
  /** Names of the columns. */
  head: readonly string[];
  /** Columns, counted from 0, whose figures stand below each other. */
  figures?: readonly number[];
  /** Columns, counted from 0, that there is no room for on a phone; their cells are `visibleFrom="sm"` as well. */
  wide?: readonly number[];
  /** The rows. */
  children: ReactNode;
}

export function CardTable({ label, minWidth, head, figures = [], wide = [], children }: CardTableProps) {
  return (
    <Card p={0}>
      <Table.ScrollContainer minWidth={minWidth} type="native">
        <Table verticalSpacing="sm" horizontalSpacing="lg" aria-label={label}>
          <Table.Thead>
            <Table.Tr>
              {head.map((name, i) => (
                <Table.Th key={name} ta={figures.includes(i) ? 'right' : undefined} visibleFrom={wide.includes(i) ? 'sm' : undefined}>
                  {name}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>{children}</Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Card>
  );
}
